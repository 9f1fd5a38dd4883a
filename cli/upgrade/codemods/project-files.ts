import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a repository, as codemods read and change them; paths are relative to it. */
export interface ProjectFiles {
  /** Paths that fit a pattern, sorted. */
  find(pattern: string): string[];
  /** Undefined where there is no such file. */
  read(path: string): string | undefined;
  /** Changes a file that exists. */
  write(path: string, text: string): void;
  /** What was changed. */
  written(): string[];
}

/** @param keep is called with a path before its file changes */
export function projectFiles(root: string, keep: (path: string) => void): ProjectFiles {
  const written = new Set<string>();
  const read = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
  return {
    find: (pattern) => globSync(pattern, { cwd: root }).sort(),
    read,
    write(path, text) {
      if (read(path) === text) return;
      keep(path);
      writeFileSync(join(root, path), text);
      written.add(path);
    },
    written: () => [...written],
  };
}
