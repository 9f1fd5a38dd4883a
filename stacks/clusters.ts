import * as kubernetes from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterFiles, readClusterFiles } from "../components/hub/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../components/hub/config.ts";
import {
  imagesOf,
  type KubeSpawnerProfile,
  type RenderedProfile,
  renderProfileList,
} from "../components/hub/profile-list.ts";
import { ImagePrepuller } from "../components/image/image-prepuller.ts";
import type { ImagesFile } from "../components/image/images-file.ts";
import { RecommendedImage } from "../components/image/recommended-image.ts";
import { LecternError, type Problem } from "../components/problem/problem.ts";
import type { Catalog } from "./catalog.ts";
import type { StackConfig } from "./config.ts";
import type { SelectedImages, SelectionOf } from "./selections.ts";

export interface ClustersArgs {
  readonly catalog: Catalog;
  readonly config: StackConfig;
  readonly selectionOf: SelectionOf;
}

/** What a stack says of its clusters. */
export interface DeployedClusters {
  /** By `<cluster>/<entry of images.yaml>`. */
  readonly images: Readonly<Record<string, SelectedImages>>;
  /** By cluster: the hub's `profile_list`. */
  readonly profiles: Readonly<Record<string, readonly KubeSpawnerProfile[]>>;
  readonly aliases: Readonly<Record<string, pulumi.Output<AliasOutput>>>;
}

/** Where a moving tag is now. */
interface AliasOutput {
  readonly alias: string;
  readonly tag: string;
  readonly digest: string;
}

/** Registers what each cluster of the catalog needs. @throws {LecternError} with what is wrong with one */
export async function deployClusters(args: ClustersArgs): Promise<DeployedClusters> {
  const images: Record<string, SelectedImages> = {};
  const profiles: Record<string, readonly KubeSpawnerProfile[]> = {};
  const aliases: Record<string, pulumi.Output<AliasOutput>> = {};
  for (const { folder } of args.catalog.clusters) {
    const cluster = await readClusterFiles(folder);
    const selected = await selectAll(cluster, args.selectionOf);
    for (const [key, selection] of Object.entries(selected)) {
      if ("held" in selection) continue;
      const id = `${cluster.name}/${key}`;
      images[id] = selection;
      const alias = moveAlias(cluster, key, selection, args.config);
      if (alias) aliases[id] = alias;
    }
    const rendered = renderProfiles(cluster, selected);
    profiles[cluster.name] = rendered.map(({ profile }) => profile);
    prepull(cluster, rendered, args.config);
  }
  return { images, profiles, aliases };
}

type Selected = Readonly<Record<string, Awaited<ReturnType<SelectionOf>>>>;

async function selectAll(cluster: ClusterFiles, selectionOf: SelectionOf): Promise<Selected> {
  const problems: Problem[] = [];
  const entries = await Promise.all(
    Object.entries(cluster.images).map(async ([key, entry]) => {
      try {
        return [key, await selectionOf(`${cluster.name}/${key}`, entry)] as const;
      } catch (error) {
        if (!(error instanceof LecternError)) throw error;
        problems.push(...error.problems.map((problem) => inImagesFile(cluster, key, problem)));
        return [key, { held: "" }] as const;
      }
    }),
  );
  if (problems.length > 0) throw new LecternError(problems);
  return Object.fromEntries(entries);
}

/** What is wrong with a selection, at the entry that asks for it. */
function inImagesFile({ folder }: ClusterFiles, key: string, problem: Problem): Problem {
  const field = problem.path === undefined ? "repository" : `policy.${problem.path}`;
  return { file: `${folder}/images.yaml`, ...problem, path: `${key}.${field}` };
}

/** Moves the entry's alias to what is recommended; nothing where it has none. */
function moveAlias(
  cluster: ClusterFiles,
  key: string,
  { repository, recommended }: SelectedImages,
  config: StackConfig,
): pulumi.Output<AliasOutput> | undefined {
  const entry = cluster.images[key];
  if (entry?.alias === undefined) return undefined;
  if (!recommended || recommended.tag === entry.alias) throw new LecternError(noTarget(cluster, key, entry));
  const { alias, tag, digest } = new RecommendedImage(`${cluster.name}-${key}`, {
    source: repository,
    alias: `${config.aliasPrefix}${entry.alias}`,
    target: recommended.tag,
    targetDigest: recommended.digest,
    rollback: config.images[`${cluster.name}/${key}`]?.rollback,
  });
  return pulumi.output({ alias, tag, digest });
}

function renderProfiles(cluster: ClusterFiles, selected: Selected): readonly RenderedProfile[] {
  if (!cluster.profiles) return [];
  return renderProfileList(cluster.profiles, { nodeGroups: cluster.nodeGroups, menus: selected });
}

/** Every image that a profile can start, on the nodes where it can; nothing where there is none. */
function prepull(cluster: ClusterFiles, rendered: readonly RenderedProfile[], config: StackConfig): void {
  const images = imagesOf(rendered);
  if (images.length === 0) return;
  const { context, namespace, patience, carrier, pullSecrets, priorityClassName } =
    config.clusters[cluster.name] ?? DEFAULT_CLUSTER;
  const kubeconfig = config.kubeconfigs?.[cluster.name];
  const provider = new kubernetes.Provider(cluster.name, {
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
    ...(context === undefined ? {} : { context }),
  });
  new ImagePrepuller(
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
