import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import {
  type ArticlePlace,
  checkArticles,
  type Verdict,
} from "../../components/article/source/check-many.ts";
import type { ReadOptions } from "../../components/article/source/types.ts";
import type { DeclarationPlace } from "./declarations.ts";
import { type DeclaredKernels, kernelsOf } from "./declared-kernels.ts";
import { placesIn, sectionOf } from "./places.ts";
import type { Note, Report } from "./validate-report.ts";

/** How folders are checked. */
export interface CheckOptions extends Pick<ReadOptions, "rules" | "embedHosts"> {
  /** Display names of the kernels that exist. @default those of `kernels/` next to the articles */
  readonly kernels?: readonly string[];
}

/** Checks every article, kernel, cluster, chart, image and calendar in the folders as a deployment would. */
export async function checkFolders(
  dirs: readonly string[],
  { kernels, ...given }: CheckOptions,
): Promise<Report> {
  const started = performance.now();
  const found = dirs.map((dir) => placesIn(resolve(dir)));
  const places = found.flatMap(({ articles }) => articles);
  const declarations = found.flatMap((one) => one.declarations);
  const { declaredKernels, notes } = await kernelsFor(places, kernels);
  const verdicts: Verdict[] = [];
  for await (const verdict of checkArticles(places, { ...given, declaredKernels })) {
    verdicts.push(await withLecture(verdict));
  }
  return {
    verdicts: [...verdicts, ...(await checked(declarations))],
    notes: [...notes, ...found.flatMap(({ unknown }) => unknown.map(notDeployed))],
    seconds: (performance.now() - started) / 1000,
  };
}

/** The verdict of an article with what is wrong with its lecture.yaml: read only where there is one. */
async function withLecture(verdict: Verdict): Promise<Verdict> {
  const { folder } = verdict.place;
  if (!existsSync(join(folder, "lecture.yaml"))) return verdict;
  const { readLecture } = await import("../../components/proof/lecture/lecture-file.ts");
  // Two levels above a folder that is in no section of a catalog, clusters/ may be anything.
  const { declaredImages } = await import("./declared-images.ts");
  const isListed = sectionOf(basename(dirname(folder))) !== undefined;
  const known = isListed ? await declaredImages(dirname(dirname(folder))) : undefined;
  const { problems } = await readLecture(folder, known);
  return { ...verdict, problems: [...verdict.problems, ...problems] };
}

/** Loads what reads kernels and clusters only where there are some: a course alone is checked sooner. */
async function checked(places: readonly DeclarationPlace[]): Promise<Report["verdicts"]> {
  if (places.length === 0) return [];
  const { checkDeclarations } = await import("./declarations.ts");
  return checkDeclarations(places);
}

const notDeployed = (folder: string): Note =>
  `${relative(process.cwd(), folder)} is not deployed, as a catalog has courses, blogs, kernels, clusters, charts, images and a calendar; rename it, or begin its name with "_"`;

/** The kernels that were named, else those declared next to the articles' folders. */
async function kernelsFor(
  places: readonly ArticlePlace[],
  kernels: readonly string[] | undefined,
): Promise<DeclaredKernels> {
  if (places.length === 0) return { notes: [] };
  if (kernels !== undefined) return { declaredKernels: new Set(kernels), notes: [] };
  // Two levels above a folder that is in no section of a catalog, kernels/ may be anything.
  const sections = places.map(({ folder }) => dirname(folder)).filter((path) => sectionOf(basename(path)));
  return kernelsOf(new Set(sections.map((path) => dirname(path))));
}
