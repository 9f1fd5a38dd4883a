import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ChartReader, chartReader, type LocalChart } from "../hub/chart/local-chart.ts";
import type { ImageMenus } from "../hub/profiles/images/profile-images.ts";
import { type KubeSpawnerProfile, renderProfileList } from "../hub/profiles/profile-list.ts";
import { type ProfilesFile, readProfiles } from "../hub/profiles/profiles-file.ts";
import type { ChartValues } from "../hub/values/chart/chart-values.ts";
import { parseRepository } from "../image/reference.ts";
import { type ImagesFile, readImagesFile } from "../image/selection/images-file.ts";
import { allOf } from "../problem/all.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import {
  type AnnouncementsFile,
  readAnnouncements,
  unknownHubs,
} from "./announcements/announcements-file.ts";
import type { ClusterDeclaration, ReleaseDeclaration } from "./declaration/cluster-declaration.ts";
import { ANNOUNCEMENTS_YAML } from "./declaration/cluster-folder.ts";
import { type DomainOwner, domainProblems } from "./declaration/cluster-rules.ts";
import { hubsAsWritten, readClusterYaml } from "./declaration/read-cluster.ts";
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
  /** `announcements.yaml`, where there is one. */
  readonly announcements?: AnnouncementsFile;
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
  const [declared, images, nodeGroups, profiles, announcements] = await allOf([
    read("cluster.yaml", async (text, file) => {
      const declaration = await readClusterYaml(text, file);
      return { declaration, charts: await allOf(chartFolders(declaration).map(readChart)) };
    }),
    read("images.yaml", readImagesFile),
    read("node-groups.json", readNodeGroups),
    read("profiles.yaml", readProfiles),
    read(ANNOUNCEMENTS_YAML, readAnnouncements),
  ]);
  const hubs = declared?.declaration.hubs.map((hub) => hub.name) ?? [];
  const unknown = announcements ? unknownHubs(announcements, hubs) : [];
  if (unknown.length > 0) throw new LecternError(unknown);
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
    ...(announcements ? { announcements } : {}),
  };
}

/**
 * Reads the folders of all clusters of a stack.
 * @throws {LecternError} with everything that is wrong with any of them, and with them together
 */
export async function readClusters(folders: readonly string[]): Promise<ClusterFiles[]> {
  const readChart = chartReader();
  const reading = folders.map(async (folder) => {
    const cluster = await readClusterFiles(folder, readChart);
    profilesAsWritten(cluster);
    return cluster;
  });
  const settled = await Promise.allSettled(reading);
  const read = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const together = hubsOf(folders, read).then((hubs) => {
    const problems = domainProblems(hubs);
    if (problems.length > 0) throw new LecternError(problems);
  });
  const [clusters] = await allOf([allOf(reading), together]);
  return clusters;
}

/** The hubs of all clusters, as far as they can be told. @param read those of them that can be read */
export async function hubsOf(
  folders: readonly string[],
  read: readonly Pick<ClusterFiles, "folder" | "declaration">[],
): Promise<DomainOwner[]> {
  const known = new Map(read.map((cluster) => [cluster.folder, cluster]));
  const hubs = folders.map(async (folder): Promise<readonly DomainOwner[]> => {
    const cluster = known.get(folder);
    if (cluster) return cluster.declaration?.hubs ?? [];
    const file = join(folder, "cluster.yaml");
    const text = await textOf(file).catch(() => undefined);
    return text === undefined ? [] : hubsAsWritten(text, file);
  });
  return (await Promise.all(hubs)).flat();
}

/**
 * The profiles with stand-ins for the images that the registry would give.
 * @throws {LecternError} with everything that is wrong with them, and with the node groups that they name
 */
export function profilesAsWritten({
  profiles,
  nodeGroups,
  images,
}: Pick<ClusterFiles, "profiles" | "nodeGroups" | "images">): KubeSpawnerProfile[] {
  if (!profiles) return [];
  const menus: ImageMenus = Object.fromEntries(
    Object.entries(images).map(([key, { repository }]) => [key, someMenu(repository)]),
  );
  const sources = { nodeGroups, menus, menuKeys: Object.keys(images) };
  return renderProfileList(profiles, sources).map(({ profile }) => profile);
}

/** Which images are selected is known only in a plan. */
const someMenu = (repository: string) => ({
  repository: parseRepository(repository),
  menu: [{ name: "Recommended", tag: "r1_0_0", digest: `sha256:${"0".repeat(64)}` as const }],
});

/** What the chart of a release says of values; undefined for one that is not in the catalog. */
export const chartValuesOf = (
  { charts }: Pick<ClusterFiles, "charts">,
  { chart }: Pick<ReleaseDeclaration, "chart">,
): ChartValues | undefined => ("folder" in chart ? charts.get(chart.folder)?.values : undefined);

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
