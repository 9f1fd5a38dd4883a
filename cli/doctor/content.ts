import { join } from "node:path";
import { type ClusterFiles, readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { type KernelDeclaration, readKernel } from "../../components/kernel/declaration/kernel-file.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { articlesIn, type Catalog, discoverCatalog } from "../../stacks/catalog.ts";

/** What a catalog asks of the services; what is malformed is left to `lectern validate`. */
export interface Content {
  readonly hasArticles: boolean;
  readonly kernels: readonly KernelDeclaration[];
  readonly clusters: readonly ClusterFiles[];
}

const EMPTY: Catalog = {
  courses: [],
  blogs: [],
  kernels: [],
  clusters: [],
  charts: [],
  images: [],
  unknown: [],
};

/** @param catalog relative to the project's folder */
export async function readContent(root: string, catalog: string): Promise<Content> {
  const found = await discoverCatalog(join(root, catalog)).catch(ignoreProblems(EMPTY));
  const kernels = await Promise.all(found.kernels.map(({ folder }) => readKernel(folder)));
  const clusters = await Promise.all(
    found.clusters.map(({ folder }) => readClusterFiles(folder).catch(ignoreProblems(undefined))),
  );
  return {
    hasArticles: articlesIn(found).length > 0,
    kernels: kernels.flatMap(({ kernel }) => kernel ?? []),
    clusters: clusters.flatMap((cluster) => cluster ?? []),
  };
}

/** The packages of Pulumi whose plugins a deployment of the content needs. */
export function packagesOf({ kernels, clusters }: Content): string[] {
  const builds = kernels.some(({ build, backend }) => build !== undefined && backend === "gateway");
  return [...(clusters.length > 0 ? ["kubernetes"] : []), ...(builds ? ["docker"] : [])];
}

const ignoreProblems =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof LecternError) return instead;
    throw error;
  };
