import { tryGit } from "./git.ts";

/** A file of a commit. */
export interface FileEntry {
  /** As git writes it: 120000 is a link. */
  readonly mode: string;
  readonly id: string;
  /** From the repository's root. */
  readonly path: string;
}

/** The files of a commit in folders, at any depth. @param paths from the repository's root */
export async function filesIn(root: string, commit: string, paths: readonly string[]): Promise<FileEntry[]> {
  const { stdout } = await tryGit(root, ["ls-tree", "-r", "-z", "--full-tree", commit, "--", ...paths]);
  return entriesIn(stdout);
}

/** The files of a commit that are directly in a folder; an empty one is the repository's root. */
export async function filesDirectlyIn(root: string, commit: string, folder: string): Promise<FileEntry[]> {
  const place = folder === "" ? [] : ["--", `${folder}/`];
  const { stdout } = await tryGit(root, ["ls-tree", "-z", "--full-tree", commit, ...place]);
  return entriesIn(stdout);
}

const entriesIn = (output: string): FileEntry[] =>
  output.split("\0").flatMap((line) => {
    const [, mode, id, path] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return mode && id && path ? [{ mode, id, path }] : [];
  });

/** The bytes of blobs, by their IDs, all with one call of git. One that the repository has not is missing. */
export async function readBlobs(root: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const asked = [...new Set(ids)];
  if (asked.length === 0) return found;
  const { bytes } = await tryGit(root, ["cat-file", "--batch"], {
    input: asked.map((id) => `${id}\n`).join(""),
  });
  let at = 0;
  for (const id of asked) {
    const end = bytes.indexOf("\n", at);
    const [, type, size] = / (\w+) (\d+)$/.exec(bytes.toString("utf8", at, end)) ?? [];
    at = end + 1;
    if (size === undefined) continue;
    if (type === "blob") found.set(id, bytes.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}
