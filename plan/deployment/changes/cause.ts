import type { Changes } from "./changes.ts";

/** Why something is deployed, and the changed paths that say so; a label has none. */
export interface Cause {
  readonly text: string;
  readonly paths: readonly string[];
}

/** How many names a reason has at most. */
const NAMES = 5;

/** Names in a reason, the first of them where there are many. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMES;
  return more > 1 ? `${names.slice(0, NAMES).join(", ")} and ${more} more` : names.join(", ");
}

/** A path as people of a folder call it. */
export const nameIn = (folder: string, path: string) =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;

/** The cause that one of several files changed, with their names; none where none did. */
export function filesChanged(
  files: readonly string[],
  changes: Changes,
  folder: string,
  noun?: string,
): Cause[] {
  const changed = files.filter((file) => changes.at(file).length > 0);
  if (changed.length === 0) return [];
  const names = listed(changed.map((file) => nameIn(folder, file)));
  return [
    {
      text: noun === undefined ? `${names} changed` : `${noun} changed: ${names}`,
      paths: changed.flatMap((file) => changes.at(file)),
    },
  ];
}

/** The cause that something in a folder changed, with the names of what did. */
export function folderChanged(folder: string, changes: Changes): Cause[] {
  const paths = changes.within(folder);
  if (paths.length === 0) return [];
  return [{ text: `${listed(paths.map((path) => nameIn(folder, path)))} changed`, paths }];
}
