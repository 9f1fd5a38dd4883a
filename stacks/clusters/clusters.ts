import * as pulumi from "@pulumi/pulumi";
import type { CalendarEvent } from "../../components/calendar/calendar-event.ts";
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
import type { Freeze } from "../calendar/freeze.ts";
import type { Catalog } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { DeclaredCluster, DeclaredClusters } from "../hubs/declared-cluster.ts";
import type { HubImages } from "../hubs/hub-images.ts";
import type { DeployedHubs, PlannedHubs } from "../hubs/hubs.ts";
import type { Provable } from "../kernels/kernel-proof.ts";
import {
  type AliasOutput,
  type HubChangesOutput,
  lostOutput,
  type OutputEntries,
  type SelectedImages,
  type WarmUpOutput,
} from "../outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { type Hold, isHeld } from "../promotion/gate.ts";
import type { Holds } from "../promotion/holds.ts";
import { type CoursesOfHubs, coursesOfHubs, neededByProof, proofOfAlias } from "./alias-proof.ts";
import { Aliases } from "./aliases.ts";
import { frozenProfiles, frozenSelection } from "./frozen-menu.ts";
import { offerOf } from "./offer.ts";
import type { HeldImages, Prepulled } from "./prepuller.ts";
import { checkRollback, rolledBackTo } from "./rolled-back.ts";

export interface ClustersArgs {
  readonly catalog: Catalog;
  readonly clusters: readonly ClusterFiles[];
  readonly config: StackConfig;
  readonly policy: StackPolicy;
  readonly holds: Holds;
  readonly freeze: Freeze;
  /** The images of the catalog that hubs use. */
  readonly hubImages: HubImages;
  /** What this stack has deployed before, as its outputs say. */
  readonly before: {
    readonly images: OutputEntries<"images">;
    readonly aliases: OutputEntries<"aliases">;
    readonly hubs: OutputEntries<"hubs">;
    readonly support: OutputEntries<"support">;
    readonly hubDeployments: OutputEntries<"hubDeployments">;
    readonly profiles: OutputEntries<"profiles">;
    readonly warmUps: OutputEntries<"warmUps">;
    readonly hubChanges: OutputEntries<"hubChanges">;
  };
  /** The events of the calendar. */
  readonly events: readonly CalendarEvent[];
  /** What time it is, in milliseconds since the epoch. */
  readonly now: number;
}

/** Clusters as the stack's outputs describe them. */
export interface DeployedClusters extends DeployedHubs {
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly images: Readonly<Record<string, pulumi.Output<SelectedImages | undefined>>>;
  /** By cluster: the hub's `profile_list`. */
  readonly profiles: Readonly<Record<string, readonly KubeSpawnerProfile[]>>;
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly aliases: Readonly<Record<string, pulumi.Output<AliasOutput | undefined>>>;
  /** By event of the calendar. */
  readonly warmUps: Readonly<Record<string, WarmUpOutput>>;
  /** By cluster. */
  readonly hubChanges: Readonly<Record<string, pulumi.Output<HubChangesOutput>>>;
  /** The aliases that notebooks may hold. */
  readonly provable: readonly Provable[];
}

/** What is decided of a cluster before anything of any cluster is deployed. */
interface PlannedCluster {
  readonly cluster: ClusterFiles;
  readonly selected: Selected;
  readonly rendered: readonly RenderedProfile[];
  readonly place: DeclaredCluster | undefined;
  readonly planned: PlannedHubs | undefined;
}

/** Registers what each cluster of the catalog needs. @throws {LecternError} with what is wrong with any of them */
export async function deployClusters(args: ClustersArgs): Promise<DeployedClusters> {
  const images: Record<string, pulumi.Output<SelectedImages | undefined>> = {};
  const moved: Record<string, pulumi.Output<AliasOutput | undefined>> = {};
  const warmUps: Record<string, WarmUpOutput> = {};
  const hubChanges: Record<string, pulumi.Output<HubChangesOutput>> = {};
  const aliases = new Aliases(args.config, args.before.aliases);
  const provable: Provable[] = [];
  const courses = args.clusters.length > 0 ? await coursesOfHubs(args.clusters, args) : NO_COURSES;
  const hubs: DeployedHubs[] = [];
  const declared = await declaredIn(args);
  const plans = await planAll(args, declared);
  for (const { cluster, selected, rendered, place, planned } of plans) {
    const built = (planned && place?.builtImages(planned)) ?? [];
    const nodes = await prepull(cluster, { images: imagesOf(rendered), built }, args.config, place);
    for (const [key, selection] of Object.entries(selected)) {
      if ("hold" in selection) continue;
      const id = `${cluster.name}/${key}`;
      const isFrozen = isAliasFrozen(cluster.name, id, args);
      const startable = startableIn(rendered, selection);
      const proof = proofOfAlias({ cluster, key, startable }, courses, args);
      const after = [
        ...waitedFor(id, selection, nodes, args.config),
        ...neededByProof(proof, place?.prepull),
      ];
      const alias = aliases.move(cluster, key, selection, { after, isFrozen, proof });
      // What fails takes nothing from the outputs of others.
      if (alias) moved[id] = pulumi.recover(alias.output, () => args.before.aliases.get(id));
      if (alias && proof?.mode === "require") provable.push({ id: `images/${id}`, held: alias.held });
      // Another stack takes this as proven: it is written once the nodes and the alias are right.
      const done = pulumi
        .all([nodes.ready, alias?.output, alias?.held])
        .apply(([, , held]): SelectedImages | undefined => (held ? args.before.images.get(id) : selection));
      images[id] = pulumi.recover(done, () => args.before.images.get(id));
    }
    if (!place || !planned) continue;
    hubs.push(await place.deployHubs(planned, nodes.done));
    Object.assign(warmUps, place.warmUp(planned, rendered));
    const told = place.announce(planned, offerOf(rendered, imagesIn(cluster, selected, images)));
    if (told) hubChanges[cluster.name] = told;
  }
  await declared?.end();
  const profiles = Object.fromEntries(
    plans.map(({ cluster, rendered }) => [cluster.name, rendered.map(({ profile }) => profile)]),
  );
  return { images, profiles, aliases: moved, warmUps, hubChanges, provable, ...together(hubs) };
}

const NO_COURSES: CoursesOfHubs = new Map();

/** Where users can start the image that is recommended. */
const startableIn = (rendered: readonly RenderedProfile[], { repository, recommended }: SelectedImages) =>
  imagesOf(rendered).find(({ image }) => image === `${repository}@${recommended?.digest}`);

/** By the entry of images.yaml. */
const imagesIn = ({ name }: ClusterFiles, selected: Selected, images: DeployedClusters["images"]) =>
  Object.fromEntries(
    Object.keys(selected).flatMap((key) => {
      const deployed = images[`${name}/${key}`];
      return deployed ? [[key, deployed]] : [];
    }),
  );

/** Decides of one cluster after the other. @throws {LecternError} with what is wrong with any of them */
async function planAll(
  args: ClustersArgs,
  declared: DeclaredClusters | undefined,
): Promise<PlannedCluster[]> {
  const plans: Promise<PlannedCluster>[] = [];
  for (const cluster of args.clusters) {
    const plan = planCluster(cluster, args, declared);
    plans.push(plan);
    await plan.catch(() => {});
  }
  return allOf(plans);
}

async function planCluster(
  cluster: ClusterFiles,
  args: ClustersArgs,
  declared: DeclaredClusters | undefined,
): Promise<PlannedCluster> {
  const selected = await selectAll(cluster, args);
  const rendered = frozenProfiles(cluster.name, renderProfiles(cluster, selected, args.config), args);
  if (cluster.profiles) await checkNamedImages(cluster.profiles, args.policy.registry);
  const place = cluster.declaration && declared?.register(cluster, cluster.declaration);
  return { cluster, selected, rendered, place, planned: await place?.planHubs(rendered) };
}

/** Whether an alias stays where it is at the moment of the run, a rollback of it included. */
const isAliasFrozen = (cluster: string, id: string, { freeze, before }: ClustersArgs) =>
  !freeze.isPassed && freeze.frozen.images.has(cluster) && before.aliases.has(id);

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
      if ("hold" in selection) return [key, selection] as const;
      if (!goesBackTo || !isRolledBack)
        return [key, frozenSelection(cluster.name, key, selection, args)] as const;
      // Before any node is told to hold it.
      await checkRollback(id, selection.repository, goesBackTo, args.policy.registry());
      const wanted = rolledBackTo(selection, goesBackTo);
      return [key, frozenSelection(cluster.name, key, wanted, args)] as const;
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
      "hold" in one ? { held: one.hold } : { ...one, ...shownBy(cluster.images[key]) },
    ]),
  );
  const { userTolerations } = config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  return renderProfileList(cluster.profiles, { nodeGroups: cluster.nodeGroups, menus, userTolerations });
}

/** What the keys and the names of an entry's choices depend on. */
const shownBy = (entry: ImageEntry | undefined) => ({
  alias: entry?.alias,
  displayName: entry?.displayName,
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

/** Every image that users can start, on the nodes where they can; nothing where there is none. */
async function prepull(
  cluster: ClusterFiles,
  held: HeldImages,
  config: StackConfig,
  declared: DeclaredCluster | undefined,
): Promise<Prepulled> {
  if (held.images.length + held.built.length === 0)
    return { ready: pulumi.output(true), done: [], holding: () => [] };
  // The SDK of Kubernetes is loaded only for clusters with images.
  const prepuller = await import("./prepuller.ts");
  const place = declared?.prepull ?? prepuller.configuredPlace(cluster, config);
  return prepuller.prepull(cluster, held, config, place);
}
