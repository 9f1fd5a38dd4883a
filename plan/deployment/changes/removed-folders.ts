import type { FolderFacts } from "../catalog-facts.ts";

/**
 * The folders of a section that changed and that the catalog no longer has, without those that a catalog leaves out.
 * @param section its folder, such as `catalog/kernels`
 * @param there the folders that the section has
 * @returns the changed paths in each, by the folder's name
 */
export function removedFolders(
  section: string,
  there: readonly FolderFacts[],
  changed: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Set(there.map(({ name }) => name));
  const gone = new Map<string, string[]>();
  for (const path of changed) {
    if (!path.startsWith(`${section}/`)) continue;
    const [name = "", ...rest] = path.slice(section.length + 1).split("/");
    // A file of the section itself is in no folder.
    if (rest.length === 0 || /^[._]/.test(name) || known.has(name)) continue;
    gone.set(name, [...(gone.get(name) ?? []), path]);
  }
  return gone;
}
