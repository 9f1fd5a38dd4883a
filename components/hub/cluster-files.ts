import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ImagesFile, readImagesFile } from "../image/images-file.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import { type NodeGroup, readNodeGroups } from "./node-groups.ts";
import { type ProfilesFile, readProfiles } from "./profiles-file.ts";

/** What a cluster's folder in the catalog says. */
export interface ClusterFiles {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string;
  /** `images.yaml`; empty where there is none. */
  readonly images: ImagesFile;
  /** `node-groups.json`; empty where there is none. */
  readonly nodeGroups: readonly NodeGroup[];
  /** `profiles.yaml`, where there is one. */
  readonly profiles?: ProfilesFile;
}

/**
 * Reads a cluster's folder: each of its files may be missing.
 * @throws {LecternError} with the problems of all of them
 */
export async function readClusterFiles(folder: string): Promise<ClusterFiles> {
  const problems: Problem[] = [];
  const read = async <T>(name: string, parse: (text: string, file: string) => T): Promise<T | undefined> => {
    const path = join(folder, name);
    const text = await contentOf(path);
    if (text === undefined) return undefined;
    try {
      return parse(text, path);
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const [images, nodeGroups, profiles] = await Promise.all([
    read("images.yaml", readImagesFile),
    read("node-groups.json", readNodeGroups),
    read("profiles.yaml", readProfiles),
  ]);
  if (problems.length > 0) throw new LecternError(problems);
  return {
    name: basename(folder),
    folder,
    images: images ?? {},
    nodeGroups: nodeGroups ?? [],
    ...(profiles ? { profiles } : {}),
  };
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
