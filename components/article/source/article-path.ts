import { lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { normalize } from "node:path/posix";

/* The platform's limits, in bytes. */
const NOTEBOOK_LIMIT = 5 * 1024 * 1024;
const IMAGE_LIMIT = 15 * 1024 * 1024;

/** A file inside an article. */
export interface ArticleFile {
  /** Absolute, without symbolic links. */
  readonly absolute: string;
  /** From the article's folder, with `/`, as it was named but without `.` and `..`. */
  readonly relative: string;
  /** In bytes. */
  readonly size: number;
}

/** Why a path names no file of the article. */
export interface PathFault {
  readonly code: "path-outside" | "missing-file" | "not-a-file" | "file-too-large";
  readonly message: string;
  readonly remedy: string;
}

/** What a path is for: its size limit and what it is called. */
export interface PathUse {
  readonly noun: "notebook" | "image";
  /** The folder that the path starts from, relative to the article's. */
  readonly from?: string;
}

/**
 * The folder of an article, and the files in it. What was found is remembered: an article shows the same
 * images again and again. Not for a folder that changes while it is read.
 */
export class ArticleFolder {
  /** Absolute. */
  readonly root: string;
  readonly #home: string;
  readonly #found = new Map<string, ArticleFile | PathFault>();
  /** Folders without symbolic links, by their paths. */
  readonly #folders = new Map<string, string>();

  constructor(folder: string) {
    this.root = resolve(folder);
    this.#home = existing(this.root) ?? this.root;
  }

  /** Finds the file that a path means, or why there is none. */
  find(path: string, use: PathUse): ArticleFile | PathFault {
    const key = `${use.noun} ${use.from ?? ""}\0${path}`;
    const known = this.#found.get(key);
    if (known) return known;
    const found = this.#look(path, use);
    this.#found.set(key, found);
    return found;
  }

  #look(path: string, use: PathUse): ArticleFile | PathFault {
    const outside = (how: string): PathFault => ({
      code: "path-outside",
      message: `${JSON.stringify(path)} ${how}`,
      remedy: `Put the ${use.noun} into the article's folder and write its path from there`,
    });
    if (path.includes("\0")) return outside("has a character that no path can have");
    if (path.includes("\\")) return { ...outside("has a backslash"), remedy: 'Write "/" between folders' };
    if (isAbsolute(path) || /^[a-z]:/i.test(path)) return outside("is not relative to the article's folder");
    const wanted = resolve(this.root, use.from ?? "", path);
    if (!isWithin(this.root, wanted)) return outside("leaves the article's folder");
    try {
      const { absolute, found } = this.#follow(wanted);
      if (!isWithin(this.#home, absolute)) return outside("is a link that leaves the article's folder");
      const file = { absolute, relative: relative(this.root, wanted).split(sep).join("/"), size: found.size };
      return found.isFile() ? withinLimit(file, use) : notAFile(path, use);
    } catch (error) {
      return missing(path, use, error, this.#meant(path, use));
    }
  }

  /** Where a path leads without symbolic links, and what is there. The way to a folder is followed once. */
  #follow(wanted: string): { readonly absolute: string; readonly found: Stats } {
    const found = lstatSync(wanted);
    if (found.isSymbolicLink()) {
      const absolute = realpathSync.native(wanted);
      return { absolute, found: statSync(absolute) };
    }
    const parent = dirname(wanted);
    const real = this.#folders.get(parent) ?? realpathSync.native(parent);
    this.#folders.set(parent, real);
    return { absolute: join(real, basename(wanted)), found };
  }

  /** The path from the article's folder that one from the repository's root, or another folder, means. */
  #meant(path: string, { from }: PathUse): string | undefined {
    if (from !== undefined) return undefined;
    const steps = normalize(path).split("/");
    const shorter = steps.slice(1).map((_, index) => steps.slice(index + 1).join("/"));
    return shorter.find((one) => existing(resolve(this.root, one)) !== undefined);
  }
}

function existing(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** Whether the answer is a file. */
export function isFile(found: ArticleFile | PathFault): found is ArticleFile {
  return "absolute" in found;
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function withinLimit(file: ArticleFile, use: PathUse): ArticleFile | PathFault {
  const limit = use.noun === "notebook" ? NOTEBOOK_LIMIT : IMAGE_LIMIT;
  if (file.size <= limit) return file;
  // Rounded up, so that a byte too many doesn't read as the limit itself.
  const mebibytes = (bytes: number) => `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MiB`;
  return {
    code: "file-too-large",
    message: `${file.relative} has ${mebibytes(file.size)}, and the platform accepts at most ${mebibytes(limit)}`,
    remedy: use.noun === "notebook" ? "Clear large outputs, or split the notebook" : "Make the image smaller",
  };
}

function notAFile(path: string, use: PathUse): PathFault {
  return {
    code: "not-a-file",
    message: `${JSON.stringify(path)} is not a file`,
    remedy: `Name the ${use.noun} itself`,
  };
}

function missingRemedy({ from }: PathUse, meant: string | undefined): string {
  if (meant !== undefined)
    return `Write ${JSON.stringify(meant)}: paths start at the folder of course.json, not of the repository`;
  const start = from === undefined ? ", which starts at the folder of course.json" : "";
  return `Add the file, or correct the path${start}`;
}

function missing(path: string, use: PathUse, error: unknown, meant: string | undefined): PathFault {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") {
    const message = `There is no ${use.noun} ${JSON.stringify(path)}`;
    return { code: "missing-file", message, remedy: missingRemedy(use, meant) };
  }
  return {
    code: "missing-file",
    message: `${JSON.stringify(path)} can't be read (${code})`,
    remedy: "Make it readable",
  };
}
