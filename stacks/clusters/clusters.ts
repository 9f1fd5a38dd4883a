import * as pulumi from "@pulumi/pulumi";
import { type ClusterFiles, readClusterFiles } from "../../components/cluster/cluster-files.ts";
import {
  imagesOf,
  type KubeSpawnerProfile,
  type RenderedProfile,
  renderProfileList,
} from "../../components/hub/profiles/profile-list.ts";
import { RecommendedImage } from "../../components/image/recommended-image.ts";
import { type ImagesFile, ofEntry } from "../../components/image/selection/images-file.ts";
import { allOf } from "../../components/problem/all.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { Catalog } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import { type AliasOutput, lostOutput, type OutputEntries, type SelectedImages } from "../outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { type Hold, isHeld } from "../promotion/gate.ts";
import type { Holds } from "../promotion/holds.ts";
import { rolledBackTo } from "./rolled-back.ts";

export interface ClustersArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly policy: StackPolicy;
  readonly holds: Holds;
  /** What this stack has deployed before, as its outputs say. */
  readonly before: {
    readonly images: OutputEntries<"images">;
    readonly aliases: OutputEntries<"aliases">;
  };
}

/** Clusters as the stack's outputs describe them. */
export interface DeployedClusters {
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly images: Readonly<Record<string, pulumi.Output<SelectedImages>>>;
  /** By cluster: the hub's `profile_list`. */
  readonly profiles: Readonly<Record<string, readonly KubeSpawnerProfile[]>>;
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly aliases: Readonly<Record<string, pulumi.Output<AliasOutput>>>;
}

/** Registers what each cluster of the catalog needs. @throws {LecternError} with what is wrong with one */
export async function deployClusters(args: ClustersArgs): Promise<DeployedClusters> {
  const images: Record<string, pulumi.Output<SelectedImages>> = {};
  const profiles: Record<string, readonly KubeSpawnerProfile[]> = {};
  const aliases: Record<string, pulumi.Output<AliasOutput>> = {};
  const claims: AliasClaims = new Map();
  for (const { folder } of args.catalog.clusters) {
    const cluster = await readClusterFiles(folder);
    const selected = await selectAll(cluster, args);
    const rendered = renderProfiles(cluster, selected);
    profiles[cluster.name] = rendered.map(({ profile }) => profile);
    const ready = await prepull(cluster, rendered, args.config);
    for (const [key, selection] of Object.entries(selected)) {
      if ("hold" in selection) continue;
      const id = `${cluster.name}/${key}`;
      const alias = moveAlias(cluster, key, selection, args.config, claims);
      if (alias) aliases[id] = alias;
      // Another stack takes this as proven: it is written once the nodes and the alias are right.
      images[id] = pulumi.all([ready, alias]).apply(() => selection);
    }
  }
  return { images, profiles, aliases };
}

/** Who moves an alias, by `<repository>:<alias>`, and to what. */
type AliasClaims = Map<string, { readonly by: string; readonly wants: string }>;

/** What each entry of images.yaml comes to, by its key. */
type Selected = Readonly<Record<string, SelectedImages | Hold>>;

async function selectAll(cluster: ClusterFiles, args: ClustersArgs): Promise<Selected> {
  const entries = Object.entries(cluster.images).map(([key, entry]) =>
    ofEntry(cluster.folder, key, async () => {
      const id = `${cluster.name}/${key}`;
      const selection = await selectionOf(id, entry, args);
      const { goesBackTo } = args.before.aliases.get(id) ?? {};
      const isRolledBack = args.config.images[id]?.rollback && goesBackTo?.digest;
      if ("hold" in selection || !goesBackTo || !isRolledBack) return [key, selection] as const;
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
  entry: ImagesFile[string],
  { policy, holds, before }: ClustersArgs,
): Promise<SelectedImages | Hold> {
  const gate = await policy.images(id, entry);
  holds.admits(`images/${id}`, gate, `images ${id} are held`);
  if (!isHeld(gate)) return gate.use;
  const kept = before.images.get(id);
  if (!kept && gate.deployed) throw lostOutput(`images.${id}`);
  return kept ?? gate;
}

/** Moves the entry's alias to what is recommended; nothing where it has none. */
function moveAlias(
  cluster: ClusterFiles,
  key: string,
  { repository, recommended }: SelectedImages,
  config: StackConfig,
  claims: AliasClaims,
): pulumi.Output<AliasOutput> | undefined {
  const entry = cluster.images[key];
  if (entry?.alias === undefined) return undefined;
  if (!recommended || recommended.tag === entry.alias) throw new LecternError(noTarget(cluster, key, entry));
  const rollback = config.images[`${cluster.name}/${key}`]?.rollback;
  const id = `${repository}:${entry.alias}`;
  const claim = { by: `${cluster.folder}/images.yaml ${key}`, wants: `${recommended.digest} ${rollback}` };
  const other = claims.get(id) ?? claim;
  if (other.wants !== claim.wants) throw new LecternError(movedTwice(cluster, key, id, other.by));
  claims.set(id, claim);
  const { alias, tag, digest, goesBackTo } = new RecommendedImage(`${cluster.name}-${key}`, {
    source: repository,
    alias: `${config.aliasPrefix}${entry.alias}`,
    target: recommended.tag,
    targetDigest: recommended.digest,
    rollback,
  });
  return pulumi.output({ alias, tag, digest, goesBackTo });
}

function renderProfiles(cluster: ClusterFiles, selected: Selected): readonly RenderedProfile[] {
  if (!cluster.profiles) return [];
  const menus = Object.fromEntries(
    Object.entries(selected).map(([key, one]) => [key, "hold" in one ? { held: one.hold } : one]),
  );
  return renderProfileList(cluster.profiles, { nodeGroups: cluster.nodeGroups, menus });
}

/** Every image that a profile can start, on the nodes where it can; nothing where there is none. */
async function prepull(
  cluster: ClusterFiles,
  rendered: readonly RenderedProfile[],
  config: StackConfig,
): Promise<pulumi.Output<boolean>> {
  const images = imagesOf(rendered);
  if (images.length === 0) return pulumi.output(true);
  // The SDK of Kubernetes is loaded only for clusters with images.
  const prepuller = await import("./prepuller.ts");
  return prepuller.prepull(cluster, images, config);
}

function noTarget(cluster: ClusterFiles, key: string, { alias }: ImagesFile[string]) {
  return {
    code: "missing-target",
    severity: "error" as const,
    file: `${cluster.folder}/images.yaml`,
    path: `${key}.policy.recommended`,
    message: `the alias ${JSON.stringify(alias)} has no tag to move to`,
    remedy: "Name the tag that is recommended, such as w_2026_10, or remove the alias",
  };
}

function movedTwice({ folder }: ClusterFiles, key: string, alias: string, other: string) {
  return {
    code: "alias-twice",
    severity: "error" as const,
    file: `${folder}/images.yaml`,
    path: `${key}.alias`,
    message: `${alias} would be moved to two images: ${other} also moves it`,
    remedy: "Recommend the same image in both, or give one of them an alias of its own",
  };
}
