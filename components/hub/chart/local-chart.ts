import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { type Digest, digestOf } from "../../digest.ts";
import { isObject, type JsonObject } from "../../json.ts";
import { allOf } from "../../problem/all.ts";
import { syntaxProblem } from "../../problem/json-problems.ts";
import { parseJsonText } from "../../problem/json-text.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { type ChartDependency, type ChartYaml, readChartYaml } from "./chart-yaml.ts";
import { helmIgnoreRules } from "./helmignore.ts";

/** A chart of the catalog, read. */
export interface LocalChart extends ChartYaml {
  readonly folder: string;
  /** `values.yaml`; empty where there is none. */
  readonly defaults: JsonObject;
  /** `values.schema.json`, where the chart has one. */
  readonly schema?: { readonly text: string; readonly path: string };
  /** Of every file of the chart, and of the charts that it takes from other folders. */
  readonly digest: Digest;
}

/** Reads charts, each folder once. */
export type ChartReader = (folder: string) => Promise<LocalChart>;

/** A reader that remembers what it has read, for one run. */
export function chartReader(): ChartReader {
  const read = new Map<string, Promise<LocalChart>>();
  return (folder) => {
    const chart = read.get(folder) ?? readChart(folder);
    read.set(folder, chart);
    return chart;
  };
}

/**
 * Reads a chart's folder.
 * @param folder how it is called in problems, such as `catalog/charts/hub`
 * @throws {LecternError} with everything that is wrong with it
 */
export async function readChart(folder: string): Promise<LocalChart> {
  const text = (name: string) => textIn(folder, name);
  const [chart, defaults, schema] = await allOf([
    text("Chart.yaml").then((content) => chartYaml(content, join(folder, "Chart.yaml"))),
    text("values.yaml").then((content) => valuesYaml(content, join(folder, "values.yaml"))),
    text("values.schema.json").then((content) => schemaJson(content, join(folder, "values.schema.json"))),
  ]);
  return {
    ...chart,
    folder,
    defaults,
    ...(schema ? { schema } : {}),
    digest: await digestOfChart(folder, chart.dependencies),
  };
}

function chartYaml(content: string | undefined, file: string): ChartYaml {
  if (content !== undefined) return readChartYaml(content, file);
  throw new LecternError({
    code: "missing-file",
    severity: "error",
    file,
    message: "the chart has no Chart.yaml, which says its name and version",
    remedy: "Add it, or remove the folder from charts/",
  });
}

function valuesYaml(content: string | undefined, file: string): JsonObject {
  const yaml = parseYaml(content ?? "", file);
  if (yaml.problems.length > 0) throw new LecternError(yaml.problems);
  const value = yaml.value ?? {};
  if (isObject(value)) return value;
  throw new LecternError({
    code: "wrong-type",
    severity: "error",
    file,
    ...yaml.locate([]),
    message: "the chart's values are no map",
    remedy: "Write keys with their default values",
  });
}

function schemaJson(text: string | undefined, path: string): LocalChart["schema"] {
  if (text === undefined) return undefined;
  const json = parseJsonText(text);
  if (json.fault) throw new LecternError(syntaxProblem({ json, file: path }, json.fault));
  return { text, path };
}

/** The dependencies of other folders, which Helm copies into the chart. */
const FOLDER = /^file:\/\/(.+)$/;

async function digestOfChart(
  folder: string,
  dependencies: readonly ChartDependency[],
  seen: readonly string[] = [],
): Promise<Digest> {
  const files = await filesOf(folder);
  const entries = files.map(async (path) => [path, digestOf(await readFile(join(folder, path)))]);
  const others = dependencies.map(async ({ repository = "" }) => {
    const [, path] = FOLDER.exec(repository) ?? [];
    if (path === undefined) return [];
    const other = join(folder, path);
    // A circle, which Helm refuses itself.
    if (seen.includes(other)) return [];
    const content = await textIn(other, "Chart.yaml");
    if (content === undefined) throw new LecternError(missingDependency(folder, repository));
    const { dependencies } = readChartYaml(content, join(other, "Chart.yaml"));
    return [[repository, await digestOfChart(other, dependencies, [...seen, folder, other])]];
  });
  const [own, brought] = await Promise.all([Promise.all(entries), Promise.all(others)]);
  return digestOf(JSON.stringify([...own, ...brought.flat()]));
}

const missingDependency = (folder: string, repository: string): Problem => ({
  code: "missing-chart",
  severity: "error",
  file: join(folder, "Chart.yaml"),
  path: "dependencies",
  message: `the chart depends on ${repository}, where there is no chart`,
  remedy: "Correct the path, which is relative to the chart's folder",
});

/** Every file that belongs to a chart, links followed, sorted; without what `.helmignore` leaves out. */
async function filesOf(folder: string): Promise<string[]> {
  const isIgnored = helmIgnoreRules((await textIn(folder, ".helmignore")) ?? "");
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

async function textIn(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new LecternError({
      code: "unreadable-file",
      severity: "error",
      file: join(folder, name),
      message: `the file can't be read (${code})`,
      remedy: "Make it a file that you may read",
    });
  }
}
