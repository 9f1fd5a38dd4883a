import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { type Digest, digestOf } from "../../digest.ts";

/** A file that a notebook reads. */
export interface DataFile {
  /** From the course's folder, with `/`. */
  readonly path: string;
  readonly absolute: string;
  /** In bytes. */
  readonly size: number;
}

/** Bytes of all data files of a course: each goes through the kernel's messages. */
export const DATA_LIMIT = 50 * 2 ** 20;

/**
 * The files of a course's folder that globs name, by their paths in order. Links and hidden files are left out.
 * @returns those of each glob
 */
export async function filesMatching(folder: string, globs: readonly string[]): Promise<DataFile[][]> {
  if (globs.length === 0) return [];
  const paths = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".") || part === "node_modules"))
    .sort();
  return Promise.all(
    globs.map((glob) =>
      Promise.all(
        paths
          .filter((path) => posix.matchesGlob(path, posix.normalize(glob)))
          .map(async (path): Promise<DataFile> => {
            const absolute = join(folder, path);
            return { path, absolute, size: (await stat(absolute)).size };
          }),
      ),
    ),
  );
}

/** Each file once, in the order of the paths. */
export function eachOnce(found: readonly (readonly DataFile[])[]): DataFile[] {
  const byPath = new Map(found.flat().map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The digests of files, by path. */
export async function digestsOf(files: readonly DataFile[]): Promise<Record<string, Digest>> {
  const digests = files.map(
    async ({ path, absolute }): Promise<[string, Digest]> => [path, digestOf(await readFile(absolute))],
  );
  return Object.fromEntries(await Promise.all(digests));
}
