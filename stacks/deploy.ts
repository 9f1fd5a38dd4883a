import * as pulumi from "@pulumi/pulumi";
import { readContents } from "../components/article/contents.ts";
import { type ClusterFiles, readClusterFiles } from "../components/cluster/cluster-files.ts";
import { allOf } from "../components/problem/all.ts";
import { formatProblem } from "../components/problem/problem.ts";
import { deployArticles } from "./articles/articles.ts";
import { articlesIn, type Catalog, discoverCatalog, unknownFolders } from "./catalog.ts";
import { deployClusters } from "./clusters/clusters.ts";
import type { StackConfig } from "./config.ts";
import { checkConfigNames } from "./config-names.ts";
import { deployKernels } from "./kernels/kernels.ts";
import { namesIn } from "./known-names.ts";
import { ownOutputs, type StackOutputs, writeOutputs } from "./outputs.ts";
import type { StackPolicy } from "./policy.ts";
import { Holds } from "./promotion/holds.ts";
import { refuseMassRemoval } from "./removals.ts";

/** Registers a catalog: kernels, then articles, then clusters. @returns the stack's outputs */
export async function deploy(config: StackConfig, policy: StackPolicy): Promise<Record<string, unknown>> {
  const catalog = await discoverCatalog(config.catalog);
  const clusterFiles = await allOf(catalog.clusters.map(({ folder }) => readClusterFiles(folder)));
  for (const problem of unknownFolders(catalog)) pulumi.log.warn(formatProblem(problem));
  const own = ownOutputs();
  await refuseRemovals({ catalog, clusterFiles, config, own });
  checkConfigNames(config, await namesIn(catalog, clusterFiles, config));
  const holds = new Holds();
  const common = { catalog, config, policy, holds };
  const kernels = await deployKernels({
    ...common,
    named: await articlesByKernel(catalog),
    before: await own.get("kernels"),
  });
  const articles = await deployArticles({
    ...common,
    kernels: kernels.declared,
    before: { articles: await own.get("articles"), forgotten: await own.get("forgotten") },
  });
  const clusters = await deployClusters({
    ...common,
    clusters: clusterFiles,
    before: { images: await own.get("images"), aliases: await own.get("aliases") },
  });
  return writeOutputs({ ...articles, kernels: kernels.outputs, ...clusters, holds: holds.outputs });
}

interface Removals {
  readonly catalog: Catalog;
  readonly clusterFiles: readonly ClusterFiles[];
  readonly config: StackConfig;
  readonly own: StackOutputs;
}

/** @throws {LecternError} where the catalog lacks much of what the stack has deployed, unconfirmed */
async function refuseRemovals({ catalog, clusterFiles, config, own }: Removals): Promise<void> {
  const ids = async (name: "articles" | "kernels" | "images", prefix = "") =>
    [...(await own.get(name)).keys()].map((id) => `${prefix}${id}`);
  const images = clusterFiles.flatMap((cluster) =>
    Object.keys(cluster.images).map((entry) => `images/${cluster.name}/${entry}`),
  );
  const kernels = Object.entries(config.kernels).filter(([, { remove }]) => remove);
  refuseMassRemoval(
    [
      { what: "articles", deployed: await ids("articles"), wanted: articlesIn(catalog).map(({ id }) => id) },
      {
        what: "kernels",
        deployed: await ids("kernels", "kernel/"),
        wanted: catalog.kernels.map(({ name }) => `kernel/${name}`),
      },
      { what: "selections of images", deployed: await ids("images", "images/"), wanted: images },
    ],
    new Set([...config.confirmRemovals, ...kernels.map(([name]) => `kernel/${name}`)]),
  );
}

/** Which articles of a catalog name a kernel: display name to IDs such as `course/bell-states`. */
async function articlesByKernel(catalog: Catalog): Promise<Map<string, string[]>> {
  const named = new Map<string, string[]>();
  const articles = await Promise.all(
    articlesIn(catalog).map(async ({ id, folder, kind }) => ({ id, ...(await readContents(folder, kind)) })),
  );
  for (const { id, kernels } of articles) {
    for (const kernel of kernels) named.set(kernel, [...(named.get(kernel) ?? []), id]);
  }
  return named;
}
