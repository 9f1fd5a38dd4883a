import { posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { isObject, type JsonObject } from "../../../components/json.ts";
import { entriesOf, type Trees } from "./entries.ts";
import type { Git } from "./git.ts";

/** Files of a chart in which nothing is a template. */
const DATA = /^(?:[^/]+\/)?[^/]+\.md$|^[^/]+\/(?:values\.yaml|values\.schema\.json|\.helmignore)$/;
/** They say where dependencies come from; another version of one is data. */
const SOURCES = /^[^/]+\/Chart\.(yaml|lock)$/;

/**
 * Files by which a change decides about the templates of charts: a template is a program that gets the secrets of hubs, and what it makes
 * of them is in the preview. Another version of a chart from the same place is data, and so are values.
 */
export async function chartChanges(git: Git, trees: Trees): Promise<string[]> {
  return [...(await changedTemplates(git, trees)), ...(await newSources(git, trees))];
}

async function changedTemplates(git: Git, { base, tree, catalog }: Trees): Promise<string[]> {
  const folder = posix.join(catalog, "charts");
  const [before, after] = [await entriesOf(git, base, folder), await entriesOf(git, tree, folder)];
  const changed: string[] = [];
  for (const [path, entry] of after) {
    const was = before.get(path);
    const name = posix.relative(folder, path);
    if (isDeepStrictEqual(was, entry) || DATA.test(name)) continue;
    const [old, now] = [was && (await sourcesIn(git, was.id)), await sourcesIn(git, entry.id)];
    if (SOURCES.test(name) && now !== undefined && isDeepStrictEqual(old, now)) continue;
    changed.push(path);
  }
  return changed;
}

/** What Chart.yaml or Chart.lock says beside versions; undefined where it can't be read. */
async function sourcesIn(git: Git, id: string): Promise<unknown> {
  const file = await yamlIn(git, id);
  if (!isObject(file)) return undefined;
  const { version: _, appVersion, digest, generated, dependencies = [], ...rest } = file;
  if (!Array.isArray(dependencies)) return undefined;
  const sources = dependencies.map((one: unknown) => (isObject(one) ? { ...one, version: undefined } : one));
  return { ...rest, dependencies: sources };
}

/** The files of clusters that take charts from where no cluster of the base takes any. */
async function newSources(git: Git, { base, tree, catalog }: Trees): Promise<string[]> {
  const known = new Set((await chartsOfClusters(git, base, catalog)).flatMap(({ charts }) => charts ?? []));
  const clusters = await chartsOfClusters(git, tree, catalog);
  return clusters
    .filter(({ charts }) => charts === undefined || charts.some((one) => !known.has(one)))
    .map(({ path }) => path);
}

async function chartsOfClusters(git: Git, tree: string, catalog: string) {
  const entries = await entriesOf(git, tree, posix.join(catalog, "clusters"));
  const files = [...entries].filter(([path]) => /\/clusters\/[^/]+\/cluster\.yaml$/.test(path));
  return Promise.all(
    files.map(async ([path, { id }]) => {
      const file = await yamlIn(git, id);
      return { path, charts: file === undefined ? undefined : remoteCharts(file) };
    }),
  );
}

/** Each chart from elsewhere that is named anywhere in a document, without its version. */
function remoteCharts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(remoteCharts);
  if (!isObject(value)) return [];
  const { chart } = value;
  const own = isObject(chart) ? [sourceOf(chart)] : [];
  return [...own, ...Object.values(value).flatMap(remoteCharts)];
}

const sourceOf = ({ repository, name, oci }: JsonObject) => JSON.stringify([repository, name, oci]);

/** Undefined where it can't be read. */
async function yamlIn(git: Git, id: string): Promise<unknown> {
  try {
    return parse(await git(["cat-file", "blob", id]), { merge: true }) ?? {};
  } catch {
    return undefined;
  }
}
