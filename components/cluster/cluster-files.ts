import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ChartReader, chartReader, type LocalChart } from "../hub/chart/local-chart.ts";
import { type ProfilesFile, readProfiles } from "../hub/profiles/profiles-file.ts";
import { type ImagesFile, readImagesFile } from "../image/selection/images-file.ts";
import { allOf } from "../problem/all.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import type { ClusterDeclaration } from "./declaration/cluster-declaration.ts";
import { readClusterYaml } from "./declaration/read-cluster.ts";
import { imagesNamed } from "./named-images.ts";
import { type NodeGroup, readNodeGroups } from "./node-groups/node-groups.ts";

/** What a cluster's folder in the catalog holds. */
export interface ClusterFiles {
  /** The folder's name. */
  readonly name: string;
  readonly folder: string;
  /** `cluster.yaml`, where there is one. */
  readonly declaration?: ClusterDeclaration;
  /** The charts of the catalog that it names, by their folders. */
  readonly charts: ReadonlyMap<string, LocalChart>;
  /** The images of the catalog that its values files and profiles name. */
  readonly namedImages: readonly string[];
  /** `images.yaml`; empty where there is none. */
  readonly images: ImagesFile;
  /** `node-groups.json`; empty where there is none. */
  readonly nodeGroups: readonly NodeGroup[];
  /** `profiles.yaml`, where there is one. */
  readonly profiles?: ProfilesFile;
}

/**
 * Reads a cluster's folder: each of its files may be missing.
 * @param readChart shared by the clusters of a run, which often use the same charts
 * @throws {LecternError} with the problems of all of them, and of its charts
 */
export async function readClusterFiles(
  folder: string,
  readChart: ChartReader = chartReader(),
): Promise<ClusterFiles> {
  const read = async <T>(name: string, parse: (text: string, file: string) => T | Promise<T>) => {
    const path = join(folder, name);
    const text = await textOf(path);
    return text === undefined ? undefined : parse(text, path);
  };
  const [declared, images, nodeGroups, profiles] = await allOf([
    read("cluster.yaml", async (text, file) => {
      const declaration = await readClusterYaml(text, file);
      return { declaration, charts: await allOf(chartFolders(declaration).map(readChart)) };
    }),
    read("images.yaml", readImagesFile),
    read("node-groups.json", readNodeGroups),
    read("profiles.yaml", readProfiles),
  ]);
  const named = await imagesNamed(folder, declared?.declaration, profiles);
  return {
    name: basename(folder),
    namedImages: named,
    folder,
    ...(declared ? { declaration: declared.declaration } : {}),
    charts: new Map(declared?.charts.map((chart) => [chart.folder, chart])),
    images: images ?? {},
    nodeGroups: nodeGroups ?? [],
    ...(profiles ? { profiles } : {}),
  };
}

/** The folders of the catalog's charts that a cluster names, each once. */
function chartFolders({ support, hubs }: ClusterDeclaration): string[] {
  const charts = [...(support ? [support] : []), ...hubs].map(({ chart }) => chart);
  return [...new Set(charts.flatMap((chart) => ("folder" in chart ? [chart.folder] : [])))];
}

/**
 * A file's text; undefined where there is no such file.
 * @throws {LecternError} where it is there and can't be read
 */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new LecternError(unreadable(path, code));
  }
}

function unreadable(file: string, code: string): Problem {
  const isFolder = code === "EISDIR";
  return {
    code: "unreadable-file",
    severity: "error",
    file,
    message: isFolder ? "this is a folder, not a file" : `the file can't be read (${code})`,
    remedy: isFolder ? "Put a file in its place" : "Make it a file that you may read",
  };
}
