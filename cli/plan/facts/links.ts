import { readdirSync, realpathSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";

/** A link of the repository and what it leads to, both from the repository's root. */
interface Link {
  readonly link: string;
  readonly target: string;
}

/** What links may lead to each other at the most. */
const DEPTH = 8;

/**
 * The symbolic links in folders, at any depth. What leads out of the repository, or nowhere, is left out.
 * @param root the repository's
 * @param folders from there
 */
export function linksIn(root: string, folders: readonly string[]): Link[] {
  const home = realpathSync(root);
  return folders.flatMap((folder) => {
    const walk = (path: string): Link[] =>
      entriesOf(join(root, path)).flatMap((entry) => {
        const inner = posix.join(path, entry.name);
        if (entry.isDirectory()) return walk(inner);
        const target = entry.isSymbolicLink() ? targetOf(home, join(root, inner)) : undefined;
        return target === undefined ? [] : [{ link: inner, target }];
      });
    return walk(folder);
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function targetOf(home: string, path: string): string | undefined {
  try {
    const target = relative(home, realpathSync(path)).split(sep).join("/");
    return target === "" || target.startsWith("../") ? undefined : target;
  } catch {
    return undefined;
  }
}

/**
 * For each path that links lead to, changed or in a folder that they lead to: the paths that it has through them.
 * @returns by the changed path
 */
export function throughLinks(
  changed: readonly string[],
  links: readonly Link[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  if (links.length === 0) return found;
  for (const path of changed) {
    const all = new Set([path]);
    let open = [path];
    for (let depth = 0; depth < DEPTH && open.length > 0; depth += 1) {
      open = open
        .flatMap((one) => links.flatMap((link) => through(one, link)))
        .filter((one) => !all.has(one));
      for (const one of open) all.add(one);
    }
    all.delete(path);
    if (all.size > 0) found.set(path, [...all]);
  }
  return found;
}

function through(path: string, { link, target }: Link): string[] {
  if (path === target) return [link];
  return path.startsWith(`${target}/`) ? [`${link}${path.slice(target.length)}`] : [];
}
