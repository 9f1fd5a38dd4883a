import { stat } from "node:fs/promises";
import { join } from "node:path";
import { textOf } from "../../components/cluster/cluster-files.ts";
import { type NodeGroup, readNodeGroups } from "../../components/cluster/node-groups/node-groups.ts";
import {
  loadNodeGroups,
  type NodeGroupChange,
  removeNodeGroups,
} from "../../components/cluster/node-groups/node-groups-load.ts";
import { readProfiles } from "../../components/hub/profiles/profiles-file.ts";
import { allOf } from "../../components/problem/all.ts";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";
import { replaceFile } from "../replace-file.ts";

export interface LoadOptions {
  readonly remove?: readonly string[];
  readonly json?: boolean;
}

/**
 * `lectern node-groups load`: merges the node groups of the infrastructure's file into a cluster's
 * node-groups.json, by slug. Groups that the file lacks stay; those that `remove` names are removed
 * if no profile uses them. Nothing is written if there is a problem or no change.
 * @returns the exit code: 0 loaded, 1 rejected
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

/** A file of a cluster's folder; undefined if it does not exist. The folder itself must exist. */
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
    // Reported once, for the file that is always read.
    if (name !== "node-groups.json") return undefined;
    throw fileProblem(
      folder,
      "the folder does not exist",
      "Name a cluster's folder, such as catalog/clusters/campus",
    );
  }
  const path = join(folder, name);
  const text = await textOf(path);
  return text === undefined ? undefined : parse(text, path);
}

function missing(file: string): never {
  throw fileProblem(file, "the file does not exist", "Name the file that the infrastructure writes");
}

/** A group both loaded and removed would come back with the next load. */
function refuseBoth(loaded: readonly NodeGroup[], remove: readonly string[], file: string): void {
  const problems = loaded.flatMap(({ slug }, index): Problem[] => {
    if (!remove.includes(slug)) return [];
    const message = `the node group ${JSON.stringify(slug)} is in this file and in --remove`;
    const remedy = "Remove it from this file first, or leave it out of --remove";
    return [{ code: "contradiction", severity: "error", file, path: `[${index}].slug`, message, remedy }];
  });
  if (problems.length > 0) throw new LecternError(problems);
}

async function replace(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text);
  } catch (error) {
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
