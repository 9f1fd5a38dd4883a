import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { replaceFile } from "../../replace-file.ts";
import { shownPath } from "./shown-path.ts";
import type { StackFileChange } from "./stack-decisions.ts";

/** Folders of a catalog that an import makes, by their path in it, such as `kernels/python`. */
export interface NewFolders {
  readonly catalog: string;
  readonly paths: readonly string[];
}

/**
 * Makes folders of a catalog as one step: they are written apart, on the same file system, checked there, and moved at the end.
 * Whatever fails, the catalog and the stack's file stay as they were.
 * @param write writes the folders below the one that it is given
 * @param check looks at them there
 * @throws {LecternError} where one of them exists already
 */
export async function putInPlace(
  { catalog, paths }: NewFolders,
  write: (apart: string) => Promise<void>,
  check: (apart: string) => Promise<void>,
  stackFile: StackFileChange | undefined,
): Promise<void> {
  refuseExisting(catalog, paths);
  await mkdir(catalog, { recursive: true });
  const apart = await mkdtemp(join(catalog, ".lectern-import-"));
  try {
    await write(apart);
    await check(apart);
    await moveAll(apart, catalog, paths, stackFile);
  } finally {
    await rm(apart, { recursive: true, force: true });
  }
}

async function moveAll(
  apart: string,
  catalog: string,
  paths: readonly string[],
  stackFile: StackFileChange | undefined,
): Promise<void> {
  const moved: string[] = [];
  try {
    for (const path of paths) {
      await mkdir(dirname(join(catalog, path)), { recursive: true });
      refuseExisting(catalog, [path]);
      await rename(join(apart, path), join(catalog, path));
      moved.push(path);
    }
    if (stackFile !== undefined) await replaceFile(stackFile.path, stackFile.after);
  } catch (error) {
    for (const path of moved) await rename(join(catalog, path), join(apart, path));
    throw error;
  }
}

function refuseExisting(catalog: string, paths: readonly string[]): void {
  const problems = paths
    .map((path) => join(catalog, path))
    .filter((path) => existsSync(path))
    .map(
      (path): Problem => ({
        code: "existing-folder",
        severity: "error",
        file: shownPath(path),
        message: "the folder exists already, and an import overwrites nothing",
        remedy: "Leave it out of the import, or remove the folder",
      }),
    );
  if (problems.length > 0) throw new LecternError(problems);
}
