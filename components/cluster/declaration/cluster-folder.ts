import { readdir } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { didYouMean } from "../../problem/nearest.ts";
import type { Problem } from "../../problem/problem.ts";
import { chartsOf, type Place } from "./cluster-declaration.ts";
import type { ClusterFile } from "./cluster-schema.ts";

/** What all hubs of a cluster get besides their values. */
export const SHARED_FILES = ["images.yaml", "node-groups.json", "profiles.yaml"];
/** What the hubs of a cluster tell their users: it changes no release. */
export const ANNOUNCEMENTS_YAML = "announcements.yaml";
/** What a cluster's folder holds without being named. */
const OWN = ["cluster.yaml", ...SHARED_FILES, ANNOUNCEMENTS_YAML];
const DOCUMENT = /^README(\.\w+)?$/i;

/**
 * Compares a cluster's folder with what `cluster.yaml` names: every file named must exist, and every file must
 * be named, as one that nothing reads looks as if it had an effect. Charts must exist, too.
 */
export async function fileProblems(written: ClusterFile, file: string, place: Place): Promise<Problem[]> {
  const folder = dirname(file);
  const [there, charts] = await Promise.all([filesIn(folder, ""), foldersIn(chartsOf(folder))]);
  const named = namedFiles(written);
  const mentioned = new Set([
    ...OWN,
    ...named.map(({ name }) => posix.normalize(name)),
    ...commandsOf(written).flatMap(wordsOf),
  ]);
  const unnamed = there.filter((path) => !mentioned.has(path) && !isDocument(path));
  const missing = named.filter(({ name }) => !there.includes(posix.normalize(name)));
  return [
    ...missing.map(({ name, field }) => missingFile(name, field, unnamed, place)),
    ...chartsNamed(written).flatMap(({ chart, field }) =>
      charts.includes(chart) ? [] : [missingChart(chart, field, charts, place)],
    ),
    ...unnamed.map((path) => unnamedFile(join(folder, path))),
  ];
}

interface Named {
  readonly name: string;
  readonly field: readonly PropertyKey[];
}

function namedFiles({ provider, support, values, environments, hubs }: ClusterFile): Named[] {
  const list = (names: readonly string[], ...field: PropertyKey[]): Named[] =>
    names.map((name, index) => ({ name, field: [...field, index] }));
  const release = (
    one: { values: readonly string[]; secrets: readonly string[] },
    ...field: PropertyKey[]
  ) => [...list(one.values, ...field, "values"), ...list(one.secrets, ...field, "secrets")];
  return [
    ...(provider.kubeconfig === undefined
      ? []
      : [{ name: provider.kubeconfig, field: ["provider", "kubeconfig"] }]),
    ...(support ? release(support, "support") : []),
    ...list(values, "values"),
    ...list(environments.staging.values, "environments", "staging", "values"),
    ...list(environments.prod.values, "environments", "prod", "values"),
    ...hubs.flatMap((hub, index) => [
      ...release(hub, "hubs", index),
      ...(hub.health && hub.health.notebook !== undefined
        ? [{ name: hub.health.notebook, field: ["hubs", index, "health", "notebook"] }]
        : []),
    ]),
  ];
}

function chartsNamed({ support, hubs }: ClusterFile): { chart: string; field: readonly PropertyKey[] }[] {
  const all = [
    ...(support ? [{ chart: support.chart, field: ["support", "chart"] }] : []),
    ...hubs.map(({ chart }, index) => ({ chart, field: ["hubs", index, "chart"] })),
  ];
  return all.flatMap(({ chart, field }) => (typeof chart === "string" ? [{ chart, field }] : []));
}

/** The commands of operators, which may run files of the folder. */
const commandsOf = ({ hubs }: ClusterFile): string[] =>
  hubs.flatMap(({ verify, database }) => [
    ...verify,
    ...(typeof database === "object" ? [database.backup] : []),
  ]);

/** The words of a command that may be files of the cluster's folder. */
export const wordsOf = (command: string): string[] =>
  command.split(/[\s"'=;|&()]+/).map((word) => posix.normalize(word.replace(/^.*\{\}\//, "")));

/** Hidden files and READMEs, at any depth. */
const isDocument = (path: string) =>
  path.split("/").some((part) => part.startsWith(".")) || DOCUMENT.test(posix.basename(path));

async function filesIn(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch(() => []);
  const found = entries.map((entry) => {
    const path = posix.join(prefix, entry.name);
    return entry.isDirectory() ? filesIn(folder, path) : [path];
  });
  return (await Promise.all(found)).flat().sort();
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

const missingFile = (name: string, field: readonly PropertyKey[], there: readonly string[], place: Place) =>
  place(
    {
      code: "missing-file",
      message: `there is no file ${name} in the cluster's folder`,
      remedy: didYouMean(name, there, "Add the file, or remove its name"),
    },
    field,
  );

const missingChart = (
  chart: string,
  field: readonly PropertyKey[],
  charts: readonly string[],
  place: Place,
) =>
  place(
    {
      code: "missing-chart",
      message: `the catalog's charts/ has no folder ${chart}`,
      remedy: didYouMean(chart, charts, "Add the chart, or name one by repository and version"),
    },
    field,
  );

const unnamedFile = (file: string): Problem => ({
  code: "unnamed-file",
  severity: "error",
  file,
  message: "nothing reads this file: cluster.yaml does not name it",
  remedy: "Name it in cluster.yaml, or remove it",
});
