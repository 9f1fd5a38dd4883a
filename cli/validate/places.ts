import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ArticlePlace } from "../../components/article/source/check-many.ts";
import type { DeclarationPlace } from "./declarations.ts";

/** What there is to check in a folder. */
export interface Places {
  readonly articles: readonly ArticlePlace[];
  readonly declarations: readonly DeclarationPlace[];
  /** Folders of a catalog that are none of its sections. */
  readonly unknown: readonly string[];
}

/** The kind of what is in each section of a catalog. */
const SECTIONS = { courses: "course", blogs: "blog", kernels: "kernel", clusters: "cluster" } as const;

/** The same of a catalog's folders for what clusters name; elsewhere, folders of these names may hold anything. */
const NAMED_BY_CLUSTERS = { charts: "chart", images: "image" } as const;

/** The folder of a catalog whose files say when lectures take place. */
const CALENDAR = "calendar";

/** The files by which a kernel, a cluster or a chart is known, wherever its folder is. */
const DECLARED_BY = {
  "kernel.yaml": "kernel",
  "Chart.yaml": "chart",
  "cluster.yaml": "cluster",
  "profiles.yaml": "cluster",
  "images.yaml": "cluster",
  "node-groups.json": "cluster",
} as const;

/**
 * A folder with a `course.json` is an article, one with the files of a kernel or a cluster is that; every folder
 * in a section is what the section holds, and a folder that contains sections is a catalog. In any other
 * folder the articles are looked for, and without any it counts as an article without its file.
 */
export function placesIn(folder: string): Places {
  const none: Places = { articles: [], declarations: [], unknown: [] };
  const declared = Object.entries(DECLARED_BY).find(([file]) => existsSync(join(folder, file)));
  const section = sectionOf(basename(folder));
  if (isArticle(folder)) return { ...none, articles: [placeOf(folder)] };
  if (declared) return { ...none, declarations: [{ folder, kind: declared[1] }] };
  if (basename(folder) === CALENDAR) return { ...none, declarations: [{ folder, kind: "calendar" }] };
  const inside = foldersIn(folder);
  if (section) return placesOf(section, inside);
  const sections = inside.filter((path) => sectionOf(basename(path)));
  if (sections.length > 0) {
    const places = sections.map((path) => placesOf(sectionOf(basename(path)), foldersIn(path)));
    const named = inside.filter((path) => namedKind(path));
    const calendars = inside.filter((path) => basename(path) === CALENDAR);
    return {
      articles: places.flatMap(({ articles }) => articles),
      declarations: [
        ...places.flatMap(({ declarations }) => declarations),
        ...named.flatMap((path) => {
          const kind = namedKind(path);
          return kind ? foldersIn(path).map((folder) => ({ folder, kind })) : [];
        }),
        ...calendars.map((folder) => ({ folder, kind: "calendar" as const })),
      ],
      unknown: inside.filter((path) => ![...sections, ...named, ...calendars].includes(path)),
    };
  }
  const articles = inside.filter(isArticle);
  return { ...none, articles: (articles.length > 0 ? articles : [folder]).map(placeOf) };
}

function placesOf(section: keyof typeof SECTIONS | undefined, folders: readonly string[]): Places {
  const kind = section && SECTIONS[section];
  const isDeclared = kind === "kernel" || kind === "cluster";
  return {
    articles: isDeclared ? [] : folders.map(placeOf),
    declarations: isDeclared ? folders.map((folder) => ({ folder, kind })) : [],
    unknown: [],
  };
}

const namedKind = (path: string) => {
  const name = basename(path);
  return Object.hasOwn(NAMED_BY_CLUSTERS, name)
    ? NAMED_BY_CLUSTERS[name as keyof typeof NAMED_BY_CLUSTERS]
    : undefined;
};

export const sectionOf = (name: string) =>
  Object.hasOwn(SECTIONS, name) ? (name as keyof typeof SECTIONS) : undefined;

function isArticle(folder: string): boolean {
  return existsSync(join(folder, "course.json"));
}

/** The folders that a deployment reads: names that begin with `.` or `_` are drafts and notes. */
function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !/^[._]/.test(entry.name) && entry.name !== "node_modules")
    .map(({ name }) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .sort();
}

function placeOf(folder: string): ArticlePlace {
  return { folder, kind: basename(dirname(folder)) === "blogs" ? "blog" : "course" };
}
