import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Where an upgrade keeps what it is about to change, below the project. */
const KEPT = join(".lectern", "upgrade", "kept");

/** Keeps a file of the project as it is now, unless the upgrade has kept it already. */
export function keepFile(root: string, path: string): void {
  const kept = join(root, KEPT, path);
  if (!existsSync(join(root, path)) || existsSync(kept)) return;
  mkdirSync(dirname(kept), { recursive: true });
  cpSync(join(root, path), kept);
}

/** Restores every file that was kept. @returns their paths, relative to the project */
export function restoreFiles(root: string): string[] {
  const paths = keptFiles(root);
  for (const path of paths) cpSync(join(root, KEPT, path), join(root, path));
  return paths;
}

export function forgetFiles(root: string): void {
  rmSync(dirname(join(root, KEPT)), { recursive: true, force: true });
}

/** The files that the upgrade keeps, relative to the project. */
export function keptFiles(root: string): string[] {
  const folder = join(root, KEPT);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
