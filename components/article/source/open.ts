import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Problem } from "../../problem/problem.ts";
import { type ArticleFile, findInside, isFile, NOTEBOOK_LIMIT, type PathUse } from "./article-path.ts";
import { COURSE_FILE, courseProblem, parseCourse } from "./course-json.ts";
import { courseRules, type Lesson, lessonsOf } from "./course-rules.ts";
import type { CourseJson } from "./course-schema.ts";
import { digestOfFile } from "./digest.ts";
import type { JsonPath, JsonText } from "./json-text.ts";
import { type Depth, examineNotebook } from "./notebook.ts";
import { fingerprintOf, partsOf } from "./parts.ts";
import type { Article, ArticleKind, ArticleReading, Digest, ReadOptions } from "./types.ts";

/** What is being gathered while an article is read. */
interface Opening {
  readonly root: string;
  readonly json: JsonText;
  readonly options: ReadOptions;
  readonly depth: Depth;
  readonly problems: Problem[];
  readonly notebooks: Map<string, Digest>;
  readonly images: Map<string, Digest>;
}

/** Reads an article to a depth: as far as its fingerprint needs, or with every check. */
export async function openArticle(
  folder: string,
  kind: ArticleKind,
  options: ReadOptions,
  depth: Depth,
): Promise<ArticleReading> {
  const root = resolve(folder);
  const text = await readCourseFile(root);
  if (typeof text !== "string") return { problems: [text] };
  const { json, course, problems: shape } = parseCourse(text);
  const opening: Opening = {
    root,
    json,
    options,
    depth,
    problems: [...shape],
    notebooks: new Map(),
    images: new Map(),
  };
  if (!course) return { problems: shape };
  if (depth === "check") opening.problems.push(...courseRules(course, json, kind, options.declaredKernels));
  const lessons = lessonsOf(course, json);
  await openLogos(opening, course);
  await openNotebooks(opening, lessons);
  const { problems } = opening;
  if (problems.some(({ severity }) => severity === "error")) return { problems };
  return { article: assemble(opening, kind, course, lessons), problems };
}

async function readCourseFile(root: string): Promise<string | Problem> {
  const problem = (message: string, remedy: string): Problem => ({
    code: "no-course-json",
    severity: "error",
    file: COURSE_FILE,
    message,
    remedy,
  });
  try {
    const bytes = await readFile(join(root, COURSE_FILE));
    if (bytes.length > NOTEBOOK_LIMIT) return problem("The file has more than 5 MiB", "Make it smaller");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return problem("The file is not UTF-8 text", "Save it as UTF-8");
    return problem(
      `There is no ${COURSE_FILE} in ${root} that can be read`,
      "Add one, or name another folder",
    );
  }
}

async function openLogos(opening: Opening, course: CourseJson): Promise<void> {
  for (const key of ["darkLogo", "lightLogo"] as const) {
    const path = ["imageLink", key];
    const link = course.imageLink[key];
    if (link === "") continue;
    if (/^https?:\/\//i.test(link)) {
      opening.problems.push(remoteLogo(opening.json, path, link));
      continue;
    }
    const file = await find(opening, path, link, { noun: "image" });
    if (file) opening.images.set(file.relative, await digestOfFile(file.absolute));
  }
}

function remoteLogo(json: JsonText, path: JsonPath, link: string): Problem {
  return courseProblem(json, path, {
    code: "remote-logo",
    severity: "warning",
    message: `The logo is at ${link}, where it can change or vanish`,
    remedy: "Keep the image beside course.json and write its path",
  });
}

async function openNotebooks(opening: Opening, lessons: readonly Lesson[]): Promise<void> {
  const known = new Map<string, Digest>();
  for (const { label, path, baseFilePath } of lessons) {
    const file = await find(opening, [...path, "baseFilePath"], baseFilePath, { noun: "notebook" });
    if (!file) continue;
    const digest = known.get(file.relative) ?? (await openNotebook(opening, file));
    known.set(file.relative, digest);
    opening.notebooks.set(label, digest);
  }
}

async function openNotebook(opening: Opening, file: ArticleFile): Promise<Digest> {
  const { digest, images, problems } = await examineNotebook(
    opening.root,
    file,
    opening.options,
    opening.depth,
  );
  opening.problems.push(...problems);
  for (const image of images) {
    if (opening.images.has(image.relative)) continue;
    opening.images.set(image.relative, await digestOfFile(image.absolute));
  }
  return digest;
}

async function find(
  opening: Opening,
  path: JsonPath,
  value: string,
  use: PathUse,
): Promise<ArticleFile | undefined> {
  const found = await findInside(opening.root, value, use);
  if (isFile(found)) return found;
  opening.problems.push(courseProblem(opening.json, path, { ...found, severity: "error" }));
  return undefined;
}

function assemble(
  opening: Opening,
  kind: ArticleKind,
  course: CourseJson,
  lessons: readonly Lesson[],
): Article {
  const { root, json } = opening;
  const parts = partsOf(course, json, lessons, opening);
  return {
    kind,
    slug: basename(root),
    folder: root,
    title: course.courseName,
    course,
    data: JSON.parse(json.text) as Record<string, unknown>, // an object: its shape was checked
    kernels: [...new Set(lessons.map(({ kernelId }) => kernelId))].filter((name) => name !== "").sort(),
    fingerprint: fingerprintOf(parts),
    parts,
  };
}
