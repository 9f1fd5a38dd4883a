import { git } from "../git/git.ts";
import { filesIn, readBlobs } from "../git/read-files.ts";
import type { BaseTexts } from "./base-texts.ts";

/** How many commits of a file are looked through. */
const HISTORY = 200;

/** The text that an ID is of: one that a page was given, or one that the file had in a commit. @param path from the repository's root */
export async function findBase(
  texts: BaseTexts,
  id: string,
  { root, commit, path }: { readonly root: string; readonly commit: string; readonly path: string },
): Promise<string | undefined> {
  const kept = texts.get(id);
  if (kept !== undefined || !(await hasBeen(id, { root, commit, path }))) return kept;
  return (await readBlobs(root, [id])).get(id)?.toString();
}

/** Whether a commit or one before it has a file, so that the file was removed where it is gone. @param path from the repository's root */
export async function hasHistory(root: string, commit: string, path: string): Promise<boolean> {
  const log = await git(root, ["log", "--max-count=1", "--format=%H", commit, "--", `:(literal,top)${path}`]);
  return log !== "";
}

/** IDs come from the page: one must not be of any other file. */
async function hasBeen(
  id: string,
  { root, commit, path }: { readonly root: string; readonly commit: string; readonly path: string },
): Promise<boolean> {
  const now = await filesIn(root, commit, [path]);
  if (now.some((file) => file.path === path && file.id === id)) return true;
  const args = ["log", `--max-count=${HISTORY}`, "--format=", "--raw", "--no-abbrev", "--no-renames"];
  const log = await git(root, [...args, commit, "--", `:(literal,top)${path}`]);
  return log.split("\n").some((line) => line.split(" ").includes(id));
}
