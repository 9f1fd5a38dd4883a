import * as kubernetes from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterFiles, readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { ImagePrepuller } from "../../components/cluster/prepull/image-prepuller.ts";
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
import { type Named, rolledBackTo } from "./rolled-back.ts";
import type { SelectedImages, SelectionOf } from "./selections.ts";

export interface ClustersArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly selectionOf: SelectionOf;
  /** Where the aliases were when this stack was last deployed. */
  readonly before: Readonly<Record<string, AliasOutput>>;
}

/** What a stack says of its clusters. */
export interface DeployedClusters {
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly images: Readonly<Record<string, pulumi.Output<SelectedImages>>>;
  /** By cluster: the hub's `profile_list`. */
  readonly profiles: Readonly<Record<string, readonly KubeSpawnerProfile[]>>;
  readonly aliases: Readonly<Record<string, pulumi.Output<AliasOutput>>>;
}

/** Where a moving tag is now. */
export interface AliasOutput extends Named {
  readonly alias: string;
  readonly goesBackTo?: Named;
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
    const ready = prepull(cluster, rendered, args.config);
    for (const [key, selection] of Object.entries(selected)) {
      if ("held" in selection) continue;
      const id = `${cluster.name}/${key}`;
      const alias = moveAlias(cluster, key, selection, args.config, claims);
      if (alias) aliases[id] = alias;
      // Another stack takes this as proven: it is said once the nodes and the alias are right.
      images[id] = pulumi.all([ready, alias]).apply(() => selection);
    }
  }
  return { images, profiles, aliases };
}

/** Who moves an alias, by `<repository>:<alias>`, and to what. */
type AliasClaims = Map<string, { readonly by: string; readonly wants: string }>;

type Selected = Readonly<Record<string, Awaited<ReturnType<SelectionOf>>>>;

async function selectAll(
  cluster: ClusterFiles,
  { selectionOf, config, before }: ClustersArgs,
): Promise<Selected> {
  const entries = Object.entries(cluster.images).map(([key, entry]) =>
    ofEntry(cluster.folder, key, async () => {
      const id = `${cluster.name}/${key}`;
      const selection = await selectionOf(id, entry);
      const back = config.images[id]?.rollback ? before[id]?.goesBackTo : undefined;
      if ("held" in selection || !back?.digest) return [key, selection] as const;
      return [key, rolledBackTo(selection, back)] as const;
    }),
  );
  return Object.fromEntries(await allOf(entries));
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
  return renderProfileList(cluster.profiles, { nodeGroups: cluster.nodeGroups, menus: selected });
}

/** Every image that a profile can start, on the nodes where it can; nothing where there is none. */
function prepull(
  cluster: ClusterFiles,
  rendered: readonly RenderedProfile[],
  config: StackConfig,
): pulumi.Output<boolean> {
  const images = imagesOf(rendered);
  if (images.length === 0) return pulumi.output(true);
  const { context, namespace, patience, carrier, pullSecrets, priorityClassName } =
    config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  const kubeconfig = config.kubeconfigs?.[cluster.name];
  const provider = new kubernetes.Provider(cluster.name, {
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
    ...(context === undefined ? {} : { context }),
  });
  const { ready } = new ImagePrepuller(
    cluster.name,
    {
      cluster: cluster.name,
      context,
      namespace,
      nodeGroups: cluster.nodeGroups,
      images,
      carrier,
      patience,
      pullSecrets,
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
    },
    { providers: { kubernetes: provider } },
  );
  return ready;
}

function noTarget(cluster: ClusterFiles, key: string, { alias }: ImagesFile[string]) {
  return {
    code: "missing-target",
    severity: "error" as const,
    file: `${cluster.folder}/images.yaml`,
    path: `${key}.policy.recommended`,
    message: `the alias ${JSON.stringify(alias)} has no tag to be moved to`,
    remedy: "Name the tag that is recommended, such as w_2026_10, or take the alias away",
  };
}

function movedTwice({ folder }: ClusterFiles, key: string, alias: string, other: string) {
  return {
    code: "alias-twice",
    severity: "error" as const,
    file: `${folder}/images.yaml`,
    path: `${key}.alias`,
    message: `${alias} would be moved to two images: ${other} moves it too`,
    remedy: "Recommend the same image in both, or give one of them an alias of its own",
  };
}
