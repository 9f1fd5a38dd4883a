import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { checkNamedImages } from "../../components/hub/profiles/named-images.ts";
import {
  imagesOf,
  type KubeSpawnerProfile,
  type RenderedProfile,
  renderProfileList,
} from "../../components/hub/profiles/profile-list.ts";
import { type ImageEntry, ofEntry } from "../../components/image/selection/images-file.ts";
import { allOf } from "../../components/problem/all.ts";
import type { StackConfig } from "../config.ts";
import type { DeclaredCluster, DeclaredClusters } from "../hubs/declared-cluster.ts";
import type { HubImages } from "../hubs/hub-images.ts";
import type { DeployedHubs } from "../hubs/hubs.ts";
import { type AliasOutput, lostOutput, type OutputEntries, type SelectedImages } from "../outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { type Hold, isHeld } from "../promotion/gate.ts";
import type { Holds } from "../promotion/holds.ts";
import { Aliases } from "./aliases.ts";
import type { Prepulled } from "./prepuller.ts";
import { checkRollback, rolledBackTo } from "./rolled-back.ts";

export interface ClustersArgs {
  readonly clusters: readonly ClusterFiles[];
  readonly config: StackConfig;
  readonly policy: StackPolicy;
  readonly holds: Holds;
  /** The images of the catalog that hubs use. */
  readonly hubImages: HubImages;
  /** What this stack has deployed before, as its outputs say. */
  readonly before: {
    readonly images: OutputEntries<"images">;
    readonly aliases: OutputEntries<"aliases">;
    readonly hubs: OutputEntries<"hubs">;
    readonly support: OutputEntries<"support">;
    readonly hubDeployments: OutputEntries<"hubDeployments">;
  };
}

/** Clusters as the stack's outputs describe them. */
export interface DeployedClusters extends DeployedHubs {
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly images: Readonly<Record<string, pulumi.Output<SelectedImages | undefined>>>;
  /** By cluster: the hub's `profile_list`. */
  readonly profiles: Readonly<Record<string, readonly KubeSpawnerProfile[]>>;
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly aliases: Readonly<Record<string, pulumi.Output<AliasOutput | undefined>>>;
}

/** Registers what each cluster of the catalog needs. @throws {LecternError} with what is wrong with one */
export async function deployClusters(args: ClustersArgs): Promise<DeployedClusters> {
  const images: Record<string, pulumi.Output<SelectedImages | undefined>> = {};
  const profiles: Record<string, readonly KubeSpawnerProfile[]> = {};
  const moved: Record<string, pulumi.Output<AliasOutput | undefined>> = {};
  const aliases = new Aliases(args.config);
  const hubs: DeployedHubs[] = [];
  const declared = await declaredIn(args);
  for (const cluster of args.clusters) {
    const selected = await selectAll(cluster, args);
    const rendered = renderProfiles(cluster, selected, args.config);
    if (cluster.profiles) await checkNamedImages(cluster.profiles, args.policy.registry);
    profiles[cluster.name] = rendered.map(({ profile }) => profile);
    const place = cluster.declaration && declared?.register(cluster, cluster.declaration);
    const nodes = await prepull(cluster, rendered, args.config, place);
    for (const [key, selection] of Object.entries(selected)) {
      if ("hold" in selection) continue;
      const id = `${cluster.name}/${key}`;
      const alias = aliases.move(cluster, key, selection, waitedFor(id, selection, nodes, args.config));
      // What fails takes nothing from the outputs of others.
      if (alias) moved[id] = pulumi.recover(alias, () => args.before.aliases.get(id));
      // Another stack takes this as proven: it is written once the nodes and the alias are right.
      const done = pulumi.all([nodes.ready, alias]).apply((): SelectedImages | undefined => selection);
      images[id] = pulumi.recover(done, () => args.before.images.get(id));
    }
    if (place) hubs.push(await place.deployHubs(profiles[cluster.name] ?? [], nodes.done));
  }
  await declared?.end();
  return { images, profiles, aliases: moved, ...together(hubs) };
}

/** What an alias waits for: the nodes that hold what it is moved to, unless a person decided otherwise. */
function waitedFor(
  id: string,
  { repository, menu: [head] }: SelectedImages,
  nodes: Prepulled,
  config: StackConfig,
): pulumi.Resource[] {
  if (!head || config.images[id]?.waitForNodes === false) return [];
  return nodes.holding(id, `${repository}@${head.digest}`);
}

/** What each entry of images.yaml comes to, by its key. */
type Selected = Readonly<Record<string, SelectedImages | Hold>>;

async function selectAll(cluster: ClusterFiles, args: ClustersArgs): Promise<Selected> {
  const entries = Object.entries(cluster.images).map(([key, entry]) =>
    ofEntry(entry, async () => {
      const id = `${cluster.name}/${key}`;
      const selection = await selectionOf(id, entry, args);
      const { goesBackTo } = args.before.aliases.get(id) ?? {};
      const isRolledBack = args.config.images[id]?.rollback && goesBackTo?.digest;
      if ("hold" in selection || !goesBackTo || !isRolledBack) return [key, selection] as const;
      // Before any node is told to hold it.
      await checkRollback(id, selection.repository, goesBackTo, args.policy.registry());
      return [key, rolledBackTo(selection, goesBackTo)] as const;
    }),
  );
  return Object.fromEntries(await allOf(entries));
}

/**
 * The images of an entry: while they are held, those of the last deployment, where there are any.
 * @throws {LecternError} where there are, and the outputs do not tell which
 */
async function selectionOf(
  id: string,
  entry: ImageEntry,
  { policy, holds, before }: ClustersArgs,
): Promise<SelectedImages | Hold> {
  const gate = await policy.images(id, entry);
  holds.admits(`images/${id}`, gate, `images ${id} are held`);
  if (!isHeld(gate)) return gate.use;
  const kept = before.images.get(id);
  if (!kept && gate.deployed) throw lostOutput(`images.${id}`);
  return kept ?? gate;
}

function renderProfiles(
  cluster: ClusterFiles,
  selected: Selected,
  config: StackConfig,
): readonly RenderedProfile[] {
  if (!cluster.profiles) return [];
  const menus = Object.fromEntries(
    Object.entries(selected).map(([key, one]) => [
      key,
      "hold" in one ? { held: one.hold } : { ...one, ...keysOf(cluster.images[key]) },
    ]),
  );
  const { userTolerations } = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  return renderProfileList(cluster.profiles, { nodeGroups: cluster.nodeGroups, menus, userTolerations });
}

/** What the keys of an entry's choices depend on. */
const keysOf = (entry: ImageEntry | undefined) => ({
  alias: entry?.alias,
  immutable: entry?.policy.immutable,
});

/** Loads what registers hubs, and the SDK of Kubernetes, only where a cluster declares some. */
async function declaredIn({
  hubImages: images,
  ...args
}: ClustersArgs): Promise<DeclaredClusters | undefined> {
  if (!args.clusters.some(({ declaration }) => declaration)) return undefined;
  const { DeclaredClusters } = await import("../hubs/declared-cluster.ts");
  return new DeclaredClusters({ ...args, images });
}

const together = (all: readonly DeployedHubs[]): DeployedHubs => ({
  hubs: Object.assign({}, ...all.map(({ hubs }) => hubs)),
  support: Object.assign({}, ...all.map(({ support }) => support)),
  hubDeployments: Object.assign({}, ...all.map(({ hubDeployments }) => hubDeployments)),
});

/** Every image that a profile can start, on the nodes where it can; nothing where there is none. */
async function prepull(
  cluster: ClusterFiles,
  rendered: readonly RenderedProfile[],
  config: StackConfig,
  declared: DeclaredCluster | undefined,
): Promise<Prepulled> {
  const images = imagesOf(rendered);
  if (images.length === 0) return { ready: pulumi.output(true), done: [], holding: () => [] };
  // The SDK of Kubernetes is loaded only for clusters with images.
  const prepuller = await import("./prepuller.ts");
  const place = declared?.prepull ?? prepuller.configuredPlace(cluster, config);
  return prepuller.prepull(cluster, images, config, place);
}
