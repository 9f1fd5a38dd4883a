import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type ClusterFiles, readClusterFiles } from "../../components/cluster/cluster-files.ts";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { projectFolder } from "../../stacks/project-folder.ts";

/** A hub of the catalog, with the cluster that it is on. */
export interface CatalogHub {
  readonly cluster: ClusterFiles;
  readonly hub: HubDeclaration;
}

/** @throws {LecternError} where the catalog hasn't such a hub, or its cluster's files have problems */
export async function findHub(name: string, hub: string, catalog: string | undefined): Promise<CatalogHub> {
  const clusters = resolve(catalog ?? join(projectFolder(), "catalog"), "clusters");
  const folder = join(clusters, name);
  if (!existsSync(join(folder, "cluster.yaml"))) throw noCluster(name, await clustersIn(clusters));
  // Messages name files as a person in this folder would.
  const cluster = await readClusterFiles(relative(process.cwd(), folder) || ".");
  const hubs = cluster.declaration?.hubs ?? [];
  const found = hubs.find((one) => one.name === hub);
  if (!found)
    throw noHub(
      name,
      hub,
      hubs.map((one) => one.name),
    );
  return { cluster, hub: found };
}

async function clustersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => existsSync(join(folder, name, "cluster.yaml")));
}

function noCluster(name: string, known: readonly string[]): LecternError {
  const all = known.length > 0 ? `Name one of ${known.join(", ")}` : "Add one: `lectern new cluster`";
  return new LecternError({
    code: "unknown-cluster",
    severity: "error",
    message: `the catalog has no cluster ${JSON.stringify(name)} with a cluster.yaml`,
    remedy: didYouMean(name, known, all),
  });
}

function noHub(cluster: string, name: string, known: readonly string[]): LecternError {
  return new LecternError({
    code: "unknown-hub",
    severity: "error",
    message: `the cluster ${cluster} has no hub ${JSON.stringify(name)}`,
    remedy: didYouMean(name, known, `Name one of ${known.join(", ")}`),
  });
}
