import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { isObject } from "../../components/json.ts";
import { jsonOf } from "../../components/problem/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import { type DeployedMap, MAP_VERSION, mapSchema } from "../../plan/map/map-file.ts";
import { readJson, textIn } from "../comment/read-input.ts";
import { ReportCache } from "./report-cache.ts";

/**
 * The report files at a path: the file, or each of a folder; other JSON files of a folder are left out.
 * @throws {LecternError} where a report can't be read, or the path names no report
 */
export async function readMaps(path: string, cache = new ReportCache()): Promise<DeployedMap[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) {
    const map = await cache.report(path, async () => readMap(path, await readJson(path)));
    return map ? [map] : [];
  }
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith(".json")).sort();
  const maps: DeployedMap[] = [];
  for (const name of names) {
    const file = join(path, name);
    const map = await cache.report(file, async () => {
      const document = jsonOf(await textIn(file));
      return looksLikeMap(document) ? readMap(file, document) : undefined;
    });
    if (map) maps.push(map);
  }
  return maps;
}

/** What other commands print has no `made`. */
const looksLikeMap = (document: unknown) => isObject(document) && "made" in document && "stacks" in document;

async function readMap(file: string, document: unknown): Promise<DeployedMap> {
  const version = isObject(document) ? document["version"] : undefined;
  if (typeof version === "number" && version > MAP_VERSION) throw tooNew(file, version);
  return parsed(file, document, mapSchema, "Name a file that `lectern report --json` wrote");
}

/** @throws {LecternError} where the file is of another shape */
export async function readDocument<T extends z.ZodType>(
  file: string,
  schema: T,
  remedy: string,
): Promise<z.output<T>> {
  return parsed(file, await readJson(file), schema, remedy);
}

function parsed<T extends z.ZodType>(
  file: string,
  document: unknown,
  schema: T,
  remedy: string,
): z.output<T> {
  const found = schema.safeParse(document);
  if (found.success) return found.data;
  const problems = zodProblems(found.error, { file });
  throw new LecternError(problems.map((problem) => ({ ...problem, remedy })));
}

const tooNew = (file: string, version: number) =>
  new LecternError({
    code: "newer-report",
    severity: "error",
    file,
    path: "version",
    message: `the report is of version ${version}, and this version of Lectern reads up to ${MAP_VERSION}`,
    remedy: "Use the version of Lectern that wrote it, or a later one",
  });
