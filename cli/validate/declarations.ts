import { dirname, relative, sep } from "node:path";
import {
  type ClusterFiles,
  hubsOf,
  profilesAsWritten,
  readClusterFiles,
} from "../../components/cluster/cluster-files.ts";
import { domainProblems } from "../../components/cluster/declaration/cluster-rules.ts";
import { unheldImages } from "../../components/cluster/unheld-images.ts";
import { unknownGroups } from "../../components/cluster/unknown-groups.ts";
import { unnamedCharts, unnamedImages } from "../../components/cluster/unnamed.ts";
import { type ChartReader, chartReader } from "../../components/hub/chart/local-chart.ts";
import { readHubImage } from "../../components/hub/images/hub-image.ts";
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
  readonly kind: "kernel" | "cluster" | "chart" | "image" | "calendar";
}

/** What the check of a kernel, a cluster, a chart, an image or a calendar found; files are relative to its folder. */
export interface DeclarationVerdict {
  readonly place: DeclarationPlace;
  readonly problems: readonly Problem[];
}

/** Checks kernels, clusters, charts, images and calendars as a deployment would, as far as that needs no service. */
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
      if (kind === "calendar") return { place, problems: await problemsOf(calendarProblems(folder)) };
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
    ...domainProblems(await hubsOf(foldersOf(places, "cluster").sort(), clusters)),
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
  const all = foldersOf(places, "cluster");
  if (all.length === 0 || all.length > clusters.length) return [];
  return [
    ...unnamedCharts(foldersOf(places, "chart"), clusters),
    ...unnamedImages(foldersOf(places, "image"), clusters),
  ];
}

const foldersOf = (places: readonly DeclarationPlace[], kind: DeclarationPlace["kind"]) =>
  places.filter((place) => place.kind === kind).map(({ folder }) => folder);

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
      const warnings = [...unheldImages(cluster), ...unknownGroups(cluster)];
      return [...warnings, ...(await values.problemsOf(cluster, profilesAsWritten(cluster)))];
    }),
  );
}

/** What is only reported of a calendar; addresses are not fetched. */
async function calendarProblems(folder: string): Promise<readonly Problem[]> {
  const warnings: Problem[] = [];
  const { readCalendar } = await import("../../components/calendar/read-calendar.ts");
  await readCalendar(folder, { offline: true, warn: (problem) => warnings.push(problem) });
  return warnings;
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

function within(folder: string, problem: Problem): Problem {
  return problem.file === undefined ? problem : { ...problem, file: relative(folder, problem.file) };
}
