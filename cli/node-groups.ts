import { randomUUID } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { textOf } from "../components/cluster/cluster-files.ts";
import { type NodeGroup, readNodeGroups } from "../components/cluster/node-groups/node-groups.ts";
import {
  loadNodeGroups,
  type NodeGroupChange,
  removeNodeGroups,
} from "../components/cluster/node-groups/node-groups-load.ts";
import { readProfiles } from "../components/hub/profiles/profiles-file.ts";
import { allOf } from "../components/problem/all.ts";
import { formatProblem, LecternError, type Problem } from "../components/problem/problem.ts";

export interface LoadOptions {
  readonly remove?: readonly string[];
  readonly json?: boolean;
}

/**
 * `lectern node-groups load`: takes the node groups of the infrastructure's file into a cluster's
 * node-groups.json, by slug. What the file lacks stays; what `remove` names goes if no profile uses it.
 * Nothing is written where anything is wrong, or where nothing changes.
 * @returns the exit code: 0 loaded, 1 refused
 */
export async function loadNodeGroupsFile(
  file: string,
  folder: string,
  { remove = [], json = false }: LoadOptions,
): Promise<0 | 1> {
  try {
    const target = join(folder, "node-groups.json");
    const [loaded, existing, profiles] = await allOf([
      textOf(file).then((text) => readNodeGroups(text ?? missing(file), file)),
      clusterFile(folder, "node-groups.json", readNodeGroups),
      remove.length > 0 ? clusterFile(folder, "profiles.yaml", readProfiles) : undefined,
    ]);
    refuseBoth(loaded, remove, file);
    const { groups, changes } = loadNodeGroups(existing ?? [], loaded);
    const kept = removeNodeGroups(groups, remove, profiles);
    const all = changes.map((one) => (remove.includes(one.slug) ? removed(one.slug) : one));
    const written = all.some(({ change }) => change !== "unchanged");
    if (written) await replace(target, `${JSON.stringify(kept, null, 2)}\n`);
    if (json) console.log(JSON.stringify({ file: target, written, groups: all }, null, 2));
    else for (const one of all) console.log(lineOf(one));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) console.error(`error: ${formatProblem(problem)}`);
    return 1;
  }
}

/** A file of a cluster's folder; undefined where there is none. The folder itself must be there. */
async function clusterFile<T>(
  folder: string,
  name: string,
  parse: (text: string, file: string) => T,
): Promise<T | undefined> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    // Said once, by the file that is always read.
    if (name !== "node-groups.json") return undefined;
    throw fileProblem(folder, "there is no such folder", "Name a cluster's, such as catalog/clusters/campus");
  }
  const path = join(folder, name);
  const text = await textOf(path);
  return text === undefined ? undefined : parse(text, path);
}

function missing(file: string): never {
  throw fileProblem(file, "there is no such file", "Name the file that the infrastructure writes");
}

/** The next load would bring back what this one removes. */
function refuseBoth(loaded: readonly NodeGroup[], remove: readonly string[], file: string): void {
  const problems = loaded.flatMap(({ slug }, index): Problem[] => {
    if (!remove.includes(slug)) return [];
    const message = `the node group ${JSON.stringify(slug)} stands here and is to be removed`;
    const remedy = "Take it out of this file first, or leave out --remove";
    return [{ code: "contradiction", severity: "error", file, path: `[${index}].slug`, message, remedy }];
  });
  if (problems.length > 0) throw new LecternError(problems);
}

/** Puts a file into another's place in one step, so that no reader ever sees half of it. */
async function replace(path: string, text: string): Promise<void> {
  // What a symbolic link points to is replaced, not the link.
  const real = await realpath(path).catch(() => path);
  const temporary = join(dirname(real), `.node-groups.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { flag: "wx", flush: true });
    await rename(temporary, real);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileProblem(
      path,
      `the file can't be written (${codeOf(error)})`,
      "Make it and its folder writable",
    );
  }
}

const MARKS = { added: "+", changed: "~", unchanged: "=", removed: "-" } as const;
const removed = (slug: string): NodeGroupChange => ({ slug, change: "removed" });
const lineOf = ({ slug, change, fields }: NodeGroupChange) =>
  `${MARKS[change]} ${slug} ${change}${fields ? `: ${fields.join(", ")}` : ""}`;

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);

const fileProblem = (file: string, message: string, remedy: string) =>
  new LecternError({ code: "unreadable-file", severity: "error", file, message, remedy });
