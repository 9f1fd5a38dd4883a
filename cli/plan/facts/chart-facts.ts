import { posix } from "node:path";
import { linkedFolder } from "../../../components/hub/chart/linked-folder.ts";
import { isObject } from "../../../components/json.ts";
import type { FolderFacts } from "../../../plan/deployment/catalog-facts.ts";
import { quickYaml } from "./quick-yaml.ts";

type Read = (path: string) => string | undefined;

/** The folders of other charts that each chart takes, at any depth, as `file://` names them. */
export function chartFacts(
  charts: readonly FolderFacts[],
  read: Read,
): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, readonly string[]>();
  const taken = (folder: string): readonly string[] => {
    const found = known.get(folder) ?? foldersIn(folder, read);
    known.set(folder, found);
    return found;
  };
  const closure = (folder: string): string[] => {
    const all = new Set<string>();
    const open = [folder];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const others = taken(next).filter((other) => !all.has(other) && other !== folder);
      for (const other of others) all.add(other);
      open.push(...others);
    }
    return [...all];
  };
  return new Map(charts.map(({ folder }) => [folder, closure(folder)]));
}

function foldersIn(folder: string, read: Read): string[] {
  const repositories = DECLARING.flatMap((name) => repositoriesIn(`${folder}/${name}`, read));
  return repositories.flatMap((repository) => {
    const path = linkedFolder(repository);
    return path === undefined ? [] : [posix.join(folder, path).replace(/\/$/, "")];
  });
}

/** The files that name a chart's dependencies; an older chart has the second. */
const DECLARING = ["Chart.yaml", "requirements.yaml"];

function repositoriesIn(file: string, read: Read): string[] {
  const text = read(file) ?? "";
  // Most charts take none, and need no parser.
  if (!text.includes("file:")) return [];
  const value = quickYaml(text, file);
  const dependencies = isObject(value) && Array.isArray(value["dependencies"]) ? value["dependencies"] : [];
  return dependencies.flatMap((dependency) => {
    const repository = isObject(dependency) ? dependency["repository"] : undefined;
    return typeof repository === "string" ? [repository] : [];
  });
}
