import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { textOf } from "../../../components/cluster/cluster-files.ts";
import { parseRepository } from "../../../components/image/reference.ts";
import { readImagesFile } from "../../../components/image/selection/images-file.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { AskRegistry } from "./selections.ts";

/**
 * Asks registries that the catalog names already, and no others: a draft must not lead the server to any address that
 * somebody writes into it.
 */
export const ofCatalog =
  (catalog: string, ask: AskRegistry): AskRegistry =>
  async (host) => {
    if ((await hostsIn(join(catalog, "clusters"))).has(host)) return ask(host);
    throw new LecternError({
      code: "unknown-registry",
      severity: "error",
      message: `no images.yaml of the catalog names the registry ${host} yet, so it is not asked`,
      remedy: "Propose the repository first; its images are shown once that is merged",
    });
  };

/** The hosts of the repositories that the catalog's images.yaml files name. */
async function hostsIn(clusters: string): Promise<ReadonlySet<string>> {
  const names = await readdir(clusters).catch(() => []);
  const hosts = names.map((name) => hostsOf(join(clusters, name, "images.yaml")));
  return new Set((await Promise.all(hosts)).flat());
}

/** None of a file that can't be read, which the check reports. */
async function hostsOf(path: string): Promise<string[]> {
  try {
    const entries = Object.values(readImagesFile((await textOf(path)) ?? "", path));
    return entries.map(({ repository }) => parseRepository(repository).split("/")[0] ?? "");
  } catch (error) {
    if (error instanceof LecternError) return [];
    throw error;
  }
}
