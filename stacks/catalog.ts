import { readdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { ArticleKind } from "../components/article/source/types.ts";
import { didYouMean } from "../components/problem/nearest.ts";
import { LecternError, type Problem } from "../components/problem/problem.ts";

/** The folders that a stack deploys, as they were found; sorted, relative where the catalog is. */
export interface Catalog {
  readonly courses: readonly Entry[];
  readonly blogs: readonly Entry[];
  readonly kernels: readonly Entry[];
  readonly clusters: readonly Entry[];
  /** Helm charts that clusters name. */
  readonly charts: readonly Entry[];
  /** Images that hubs use, and that are built here. */
  readonly images: readonly Entry[];
  /** The folder of its calendar, where it has one. */
  readonly calendar?: string;
  /** Folders that are no section, such as a misspelt one: nothing reads them. */
  readonly unknown: readonly Entry[];
  /** The catalog that this is a part of, where a stack deploys a part alone. */
  readonly whole?: Catalog;
}

/** A catalog with what other stacks deploy of it. */
export const wholeOf = (catalog: Catalog): Catalog => catalog.whole ?? catalog;

/** The folders that a catalog consists of. */
const SECTIONS = ["courses", "blogs", "kernels", "clusters", "charts", "images"] as const;

/** The folder whose files say when lectures take place. */
const CALENDAR = "calendar";

interface Entry {
  /** The folder's name, which is the thing's identity. */
  readonly name: string;
  readonly folder: string;
}

/** An article's identity in a stack. */
export type ArticleId = `${ArticleKind}/${string}`;

/** A course or a blog of a catalog. */
export interface ArticleEntry extends Entry {
  readonly kind: ArticleKind;
  readonly id: ArticleId;
}

/** The articles of a catalog: its courses, then its blogs. */
export function articlesIn({ courses, blogs }: Catalog): ArticleEntry[] {
  const entriesOf = (kind: ArticleKind, entries: readonly Entry[]) =>
    entries.map((entry): ArticleEntry => ({ ...entry, kind, id: `${kind}/${entry.name}` }));
  return [...entriesOf("course", courses), ...entriesOf("blog", blogs)];
}

/**
 * Finds what is in a catalog. A missing section is an empty one; a missing catalog is an error.
 * Names that begin with a dot or an underscore are left out.
 */
export async function discoverCatalog(catalog: string): Promise<Catalog> {
  const sections = await foldersIn(catalog);
  if (!sections) {
    throw new LecternError({
      code: "missing-catalog",
      severity: "error",
      path: "lectern:catalog",
      message: `there is no folder ${catalog}`,
      remedy: isAbsolute(catalog)
        ? "Name the folder that holds courses/, blogs/, kernels/ and clusters/"
        : "Name the folder that holds courses/, blogs/, kernels/ and clusters/, relative to the project",
    });
  }
  const section = async (name: string) => (await foldersIn(join(catalog, name))) ?? [];
  const [courses = [], blogs = [], kernels = [], clusters = [], charts = [], images = []] = await Promise.all(
    SECTIONS.map(section),
  );
  const known: readonly string[] = [...SECTIONS, CALENDAR];
  const calendar = sections.find(({ name }) => name === CALENDAR)?.folder;
  const unknown = sections.filter(({ name }) => !known.includes(name));
  return {
    courses,
    blogs,
    kernels,
    clusters,
    charts,
    images,
    ...(calendar === undefined ? {} : { calendar }),
    unknown,
  };
}

/** A warning for each folder of a catalog that is no section. */
export function unknownFolders({ unknown }: Pick<Catalog, "unknown">): Problem[] {
  return unknown.map(({ name, folder }) => ({
    code: "unknown-folder",
    severity: "warning",
    file: folder,
    message: `${JSON.stringify(name)} is not a folder of a catalog, so what is in it is not deployed`,
    remedy: didYouMean(name, [...SECTIONS, CALENDAR], `Move it elsewhere, or let its name begin with "_"`),
  }));
}

async function foldersIn(folder: string): Promise<Entry[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
      .map(({ name }) => ({ name, folder: join(folder, name) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code)))
      return undefined;
    throw error;
  }
}
