import { environmentOf, isEnvironment, stackOfFile } from "../../../../stacks/shards/stack-name.ts";
import type { Git } from "../git.ts";
import { withDataOf } from "./data-settings.ts";

/** Whether a path, from the repository's root, is the settings of a stack that is deployed. */
export const isStackFile = (path: string): boolean => isEnvironment(environmentOf(stackOfFile(path) ?? ""));

/** The settings of stacks that a change leads to: their texts, or the files that say more than data. */
export type StackSettings =
  | { readonly texts: ReadonlyMap<string, string> }
  | { readonly refused: readonly string[] };

/** Compares the settings of stacks in two trees. @throws {LecternError} where git fails */
export async function stackSettings(git: Git, base: string, tree: string): Promise<StackSettings> {
  const [before, after] = [await stackFilesIn(git, base), await stackFilesIn(git, tree)];
  const texts = new Map<string, string>();
  const refused: string[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) continue;
    const text = await dataOf(git, was, is);
    if (text === undefined) refused.push(path);
    else texts.set(path, text);
  }
  return refused.length > 0 ? { refused } : { texts };
}

const BLOB = /^100\d+ blob ([0-9a-f]+)$/;

/** The mode, kind and ID of each, by its path. */
async function stackFilesIn(git: Git, tree: string): Promise<Map<string, string>> {
  const lines = (await git(["ls-tree", "-z", "--full-tree", tree])).split("\0");
  const entries = lines.map((line) => line.split("\t") as [string, string?]);
  return new Map(entries.flatMap(([what, path = ""]) => (isStackFile(path) ? [[path, what] as const] : [])));
}

async function dataOf(git: Git, was: string | undefined, is: string | undefined) {
  const ids = [was, is].map((entry) => BLOB.exec(entry ?? "")?.[1]);
  const [base, head] = ids;
  if (base === undefined || head === undefined) return undefined;
  return withDataOf(await git(["cat-file", "blob", base]), await git(["cat-file", "blob", head]));
}
