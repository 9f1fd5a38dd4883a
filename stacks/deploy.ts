import { readContents } from "../components/article/contents.ts";
import { readClusterFiles } from "../components/cluster/cluster-files.ts";
import { allOf } from "../components/problem/all.ts";
import { deployArticles } from "./articles/articles.ts";
import { articlesIn, type Catalog, discoverCatalog } from "./catalog.ts";
import { deployClusters } from "./clusters/clusters.ts";
import type { StackConfig } from "./config.ts";
import { checkConfigNames } from "./config-names.ts";
import { deployKernels } from "./kernels/kernels.ts";
import { namesIn } from "./known-names.ts";
import { ownOutputs, writeOutputs } from "./outputs.ts";
import type { StackPolicy } from "./policy.ts";
import { Holds } from "./promotion/holds.ts";

/** Registers a catalog: kernels, then articles, then clusters. @returns the stack's outputs */
export async function deploy(config: StackConfig, policy: StackPolicy): Promise<Record<string, unknown>> {
  const catalog = await discoverCatalog(config.catalog);
  const clusterFiles = await allOf(catalog.clusters.map(({ folder }) => readClusterFiles(folder)));
  checkConfigNames(config, await namesIn(catalog, clusterFiles, config));
  const own = ownOutputs();
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
    before: await own.get("articles"),
  });
  const clusters = await deployClusters({
    ...common,
    clusters: clusterFiles,
    before: { images: await own.get("images"), aliases: await own.get("aliases") },
  });
  return writeOutputs({ articles, kernels: kernels.outputs, ...clusters, holds: holds.outputs });
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
