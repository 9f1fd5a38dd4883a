import { posix } from "node:path";
import type { Git } from "./git.ts";

/** What a merge is compared with, and what it leads to. */
export interface Trees {
  readonly base: string;
  readonly tree: string;
  readonly catalog: string;
}

const LINK = "120000";
const SUBMODULE = "160000";

/**
 * Entries of a catalog that lead out of it: links to elsewhere on the machine, and other repositories. Those that the base has in
 * the very same form are the base's own.
 */
export async function badEntries(git: Git, { base, tree, catalog }: Trees): Promise<string[]> {
  const [before, after] = [await entriesOf(git, base, catalog), await entriesOf(git, tree, catalog)];
  const bad: string[] = [];
  for (const [path, { mode, id }] of after) {
    if (before.get(path)?.id === id && before.get(path)?.mode === mode) continue;
    if (mode === SUBMODULE) bad.push(path);
    if (mode === LINK && leavesCatalog(path, await git(["cat-file", "blob", id]), catalog)) bad.push(path);
  }
  return bad;
}

/** The files of a folder and of those below it, by their paths. */
export async function entriesOf(git: Git, tree: string, folder: string) {
  const lines = (await git(["ls-tree", "-r", "-z", "--full-tree", tree, "--", folder])).split("\0");
  return new Map(
    lines.flatMap((line) => {
      const [, mode = "", id = "", path = ""] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      return path === "" ? [] : [[path, { mode, id }] as const];
    }),
  );
}

/** Whether a link can lead out of the catalog, wherever the links lead that it passes through. */
export function leavesCatalog(path: string, target: string, catalog: string): boolean {
  if (target === "" || posix.isAbsolute(target)) return true;
  const parts = target.split("/");
  const down = parts.findIndex((part) => part !== "..");
  // After a step down, which can be through another link, a step up leads anywhere.
  if (down >= 0 && parts.slice(down).includes("..")) return true;
  return !`${posix.join(posix.dirname(path), target)}/`.startsWith(`${catalog}/`);
}
