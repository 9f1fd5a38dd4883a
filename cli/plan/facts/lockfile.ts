import { join } from "node:path";
import { isObject, type JsonObject } from "../../../components/json.ts";
import type { ProjectFacts } from "../../../plan/deployment/catalog-facts.ts";
import { jsonIn, textOf } from "./lenient.ts";

/** Lockfiles of other package managers: what of them counts is not known. */
const OTHERS = ["npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"];
const NPM = "package-lock.json";

/**
 * What a change of a lockfile means: of npm's, only Lectern and what it needs count. In this very repository, that is what
 * its package needs.
 * @param base the text of a file of the project as the base has it; undefined where the base is unknown
 */
export function lockfileChange(
  project: string,
  isOwn: boolean,
  base: ((file: string) => string | undefined) | undefined,
): ProjectFacts["lockfiles"] {
  const start = isOwn ? "" : "node_modules/lectern";
  const others = OTHERS.map((file) => ({ file, change: () => `${file} changed` }));
  return [{ file: NPM, change: () => npmChange(project, start, base) }, ...others];
}

function npmChange(
  project: string,
  start: string,
  base: ((file: string) => string | undefined) | undefined,
): string | undefined {
  if (!base) return `${NPM} changed, and without --base it is unknown whether lectern did`;
  const [before, after] = [packagesIn(base(NPM)), packagesIn(textOf(join(project, NPM)))];
  if (!before || !after) return `${NPM} changed`;
  const [old, now] = [versionsFrom(start, before), versionsFrom(start, after)];
  const differing = [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const [first] = differing;
  if (first === undefined) return undefined;
  const name = first.split("node_modules/").at(-1);
  const more = differing.length > 1 ? ` and ${differing.length - 1} more of lectern's packages` : "";
  return `${name}${more} changed in ${NPM}: ${versionOf(before[first])} → ${versionOf(after[first])}`;
}

type Packages = Readonly<Record<string, unknown>>;

function packagesIn(text: string | undefined): Packages | undefined {
  const lock = jsonIn(text);
  const packages = isObject(lock) ? lock["packages"] : undefined;
  return isObject(packages) ? packages : undefined;
}

const versionOf = (entry: unknown) => (isObject(entry) ? String(entry["version"] ?? "none") : "none");

/** A package and everything that it needs, by their paths, each with what tells two versions apart. */
function versionsFrom(start: string, packages: Packages): Map<string, string> {
  const found = new Map<string, string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entry = packages[path];
    if (found.has(path) || !isObject(entry)) continue;
    const { version, resolved, integrity, link } = entry;
    // A linked package is a folder of the repository, whose files count on their own.
    found.set(path, path === "" ? "" : JSON.stringify([version, resolved, integrity, link]));
    for (const name of needs(entry)) {
      const at = resolvedFrom(path, name, packages);
      if (at !== undefined) open.push(at);
    }
  }
  return found;
}

const needs = (entry: JsonObject): string[] =>
  ["dependencies", "optionalDependencies", "peerDependencies"].flatMap((kind) => {
    const names = entry[kind];
    return isObject(names) ? Object.keys(names) : [];
  });

/** Where Node finds a package that another one needs: the nearest node_modules, upwards. */
function resolvedFrom(path: string, name: string, packages: Packages): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const at = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (Object.hasOwn(packages, at)) return at;
    if (folder === "") return undefined;
  }
}
