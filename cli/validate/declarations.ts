import { dirname, relative, sep } from "node:path";
import { type ClusterFiles, readClusterFiles } from "../../components/cluster/cluster-files.ts";
import { clusterSetProblems } from "../../components/cluster/declaration/cluster-rules.ts";
import { unheldImages } from "../../components/cluster/unheld-images.ts";
import { unnamedCharts, unnamedImages } from "../../components/cluster/unnamed.ts";
import { type ChartReader, chartReader } from "../../components/hub/chart/local-chart.ts";
import { readHubImage } from "../../components/hub/images/hub-image.ts";
import type { ImageMenus } from "../../components/hub/profiles/profile-images.ts";
import { type KubeSpawnerProfile, renderProfileList } from "../../components/hub/profiles/profile-list.ts";
import { parseRepository } from "../../components/image/reference.ts";
import {
  type KernelDeclaration,
  kernelSetProblems,
  readKernel,
} from "../../components/kernel/declaration/kernel-file.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import { ValuesCheck } from "./hub-values.ts";

/** A folder of the catalog that is no article. */
export interface DeclarationPlace {
  readonly folder: string;
  readonly kind: "kernel" | "cluster" | "chart" | "image";
}

/** What the check of a kernel, a cluster, a chart or an image found; files are relative to its folder. */
export interface DeclarationVerdict {
  readonly place: DeclarationPlace;
  readonly problems: readonly Problem[];
}

/** Checks kernels, clusters, charts and images as a deployment would, as far as that needs no service. */
export async function checkDeclarations(places: readonly DeclarationPlace[]): Promise<DeclarationVerdict[]> {
  const kernels: KernelDeclaration[] = [];
  const clusters: ClusterFiles[] = [];
  const read = chartReader();
  const values = new ValuesCheck();
  const verdicts = await Promise.all(
    places.map(async (place): Promise<DeclarationVerdict> => {
      const { folder, kind } = place;
      if (kind === "cluster")
        return { place, problems: await clusterProblems(folder, read, clusters, values) };
      if (kind === "chart") return { place, problems: await problemsOf(read(folder).then(() => [])) };
      if (kind === "image") return { place, problems: (await readHubImage(folder)).problems };
      const { kernel, problems } = await readKernel(folder);
      if (kernel) kernels.push(kernel);
      return { place, problems };
    }),
  );
  const byFolder = <T extends { folder: string }>(all: T[]) =>
    all.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const shared = [
    ...kernelSetProblems(byFolder(kernels)),
    ...clusterSetProblems(byFolder(clusters).flatMap(({ declaration }) => declaration ?? [])),
    ...unnamedOf(places, clusters),
  ];
  return verdicts.map(({ place, problems }) => ({
    place,
    problems: [...problems, ...shared.filter(({ file }) => file && dirname(file) === place.folder)]
      .filter((problem) => !isOfAnother(problem, place, places))
      .map((problem) => within(place.folder, problem)),
  }));
}

/** Charts and images that no cluster names; none while a cluster can't be read. */
function unnamedOf(places: readonly DeclarationPlace[], clusters: readonly ClusterFiles[]): Problem[] {
  const foldersOf = (kind: DeclarationPlace["kind"]) =>
    places.filter((place) => place.kind === kind).map(({ folder }) => folder);
  const all = foldersOf("cluster");
  if (all.length === 0 || all.length > clusters.length) return [];
  return [...unnamedCharts(foldersOf("chart"), clusters), ...unnamedImages(foldersOf("image"), clusters)];
}

/** Whether a cluster's problem is that of a chart, which is reported there. */
const isOfAnother = (
  { file }: Problem,
  { kind }: DeclarationPlace,
  places: readonly DeclarationPlace[],
): boolean =>
  kind === "cluster" && places.some((one) => one.kind === "chart" && file?.startsWith(`${one.folder}${sep}`));

/** @param read gets the cluster, where it can be read */
async function clusterProblems(
  folder: string,
  readChart: ChartReader,
  read: ClusterFiles[],
  values: ValuesCheck,
): Promise<readonly Problem[]> {
  return problemsOf(
    readClusterFiles(folder, readChart).then(async (cluster) => {
      read.push(cluster);
      return [...unheldImages(cluster), ...(await values.problemsOf(cluster, profilesOf(cluster)))];
    }),
  );
}

/** The profiles with stand-ins for images. @throws {LecternError} with every problem of them */
function profilesOf({ profiles, nodeGroups, images }: ClusterFiles): KubeSpawnerProfile[] {
  if (!profiles) return [];
  const menus: ImageMenus = Object.fromEntries(
    Object.entries(images).map(([key, { repository }]) => [key, menuOf(repository)]),
  );
  const sources = { nodeGroups, menus, menuKeys: Object.keys(images) };
  return renderProfileList(profiles, sources).map(({ profile }) => profile);
}

/** What a check reports: the problems that it throws, or those that it gives. */
async function problemsOf(check: Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await check;
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

/** Stands for what the registry would give: which images are selected is known only in a plan. */
const menuOf = (repository: string) => ({
  repository: parseRepository(repository),
  menu: [{ name: "Recommended", tag: "r1_0_0", digest: `sha256:${"0".repeat(64)}` as const }],
});

function within(folder: string, problem: Problem): Problem {
  return problem.file === undefined ? problem : { ...problem, file: relative(folder, problem.file) };
}
