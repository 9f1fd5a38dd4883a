import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { type Digest, digestOf } from "../../digest.ts";
import { allOf } from "../../problem/all.ts";
import { syntaxProblem } from "../../problem/json-problems.ts";
import { parseJsonText } from "../../problem/json-text.ts";
import { LecternError } from "../../problem/problem.ts";
import type { ChartValues } from "../values/chart/chart-values.ts";
import { type ChartSource, chartFolder } from "./chart-source.ts";
import { type ChartYaml, installedChartYaml, readChartYaml, usedChartYaml } from "./chart-yaml.ts";
import { helmIgnoreRules } from "./helmignore.ts";
import { linkedChart, readChart } from "./read-chart.ts";

/** A chart of the catalog, read. */
export interface LocalChart {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** The version of what the chart installs. */
  readonly appVersion?: string;
  /** What it says of values, and the charts that it uses. */
  readonly values: ChartValues;
  /** Of every file of the chart, and of the charts that it takes from other folders. */
  readonly digest: Digest;
}

/** Reads charts, each folder once. */
export type ChartReader = (folder: string) => Promise<LocalChart>;

/** A reader that remembers what it has read, for one run. */
export function chartReader(): ChartReader {
  const read = new Map<string, Promise<LocalChart>>();
  return (folder) => {
    const chart = read.get(folder) ?? readLocalChart(folder);
    read.set(folder, chart);
    return chart;
  };
}

/**
 * Reads a chart's folder.
 * @param folder how it is called in problems, such as `catalog/charts/hub`
 * @throws {LecternError} with everything that is wrong with it
 */
export async function readLocalChart(folder: string): Promise<LocalChart> {
  const source = chartFolder(folder, folder);
  const [{ chart, values }] = await allOf([readChart(source, installedChartYaml), checkSchema(source)]);
  const { name, version, appVersion } = chart;
  return {
    folder,
    name,
    version,
    ...(appVersion === undefined ? {} : { appVersion }),
    values,
    digest: await digestOfChart(source, chart),
  };
}

const SCHEMA = "values.schema.json";

/** Helm refuses a chart whose schema is not JSON. */
async function checkSchema(source: ChartSource): Promise<void> {
  const text = await source.text(SCHEMA);
  if (text === undefined) return;
  const json = parseJsonText(text);
  if (json.fault)
    throw new LecternError(syntaxProblem({ json, file: `${source.shown}/${SCHEMA}` }, json.fault));
}

async function digestOfChart(source: ChartSource, { dependencies }: ChartYaml): Promise<Digest> {
  // A chart of the catalog is called as its folder.
  const folder = source.shown;
  const entries = (await chartFiles(folder)).map(async (path) => [
    path,
    digestOf(await readFile(join(folder, path))),
  ]);
  const others = (dependencies ?? []).map(async ({ repository = "" }) => {
    const linked = await linkedChart(source, repository);
    if (linked === undefined) return [];
    const chart = await readChartYaml(linked, usedChartYaml);
    return [[repository, await digestOfChart(linked, chart)]];
  });
  const [own, brought] = await Promise.all([Promise.all(entries), Promise.all(others)]);
  return digestOf(JSON.stringify([...own, ...brought.flat()]));
}

/** Every file that belongs to a chart, links followed, sorted; without what `.helmignore` leaves out. */
export async function chartFiles(folder: string): Promise<string[]> {
  const isIgnored = helmIgnoreRules((await chartFolder(folder, folder).text(".helmignore")) ?? "");
  const walk = async (prefix: string): Promise<string[]> => {
    const names = await readdir(join(folder, prefix));
    const found = names.map(async (name) => {
      const path = posix.join(prefix, name);
      const isFolder = (await stat(join(folder, path))).isDirectory();
      if (isIgnored({ path, isFolder })) return [];
      return isFolder ? walk(path) : [path];
    });
    return (await Promise.all(found)).flat();
  };
  return (await walk("")).sort();
}
