/** The paths that a change touches, whatever it does to them. */
export class Changes {
  readonly #paths: ReadonlySet<string>;
  /** By folder: the changed paths in it, at any depth. */
  readonly #below = new Map<string, string[]>();
  /** What {@link at} has found: hubs share files. */
  readonly #at = new Map<string, readonly string[]>();

  /** @param paths from the repository's root, with `/` */
  constructor(paths: Iterable<string>) {
    this.#paths = new Set(paths);
    for (const path of this.#paths) {
      for (const folder of foldersOf(path)) {
        const known = this.#below.get(folder);
        if (known) known.push(path);
        else this.#below.set(folder, [path]);
      }
    }
  }

  get all(): readonly string[] {
    return [...this.#paths];
  }

  /**
   * The changed paths that concern a file: itself, or a folder that it is in. Such a folder is or was a link, a submodule or
   * a file.
   */
  at(file: string): readonly string[] {
    const found = this.#at.get(file) ?? [file, ...foldersOf(file)].filter((path) => this.#paths.has(path));
    this.#at.set(file, found);
    return found;
  }

  /** The changed paths that concern a folder: those in it, and those of {@link at}. */
  within(folder: string): readonly string[] {
    return [...this.at(folder), ...(this.#below.get(folder) ?? [])];
  }
}

/** The folders that a path is in, deepest first; the repository's root is none of them. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}
