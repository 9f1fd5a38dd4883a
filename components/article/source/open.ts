import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isObject } from "../../json.ts";
import type { JsonPath } from "../../problem/json-text.ts";
import type { Problem } from "../../problem/problem.ts";
import { type ArticleFile, ArticleFolder, isFile, type PathUse } from "./article-path.ts";
import { type CourseFile, parseCourse } from "./course/course-json.ts";
import { COURSE_FILE, courseProblem } from "./course/course-problem.ts";
import { courseRules } from "./course/course-rules.ts";
import type { CourseJson } from "./course/course-schema.ts";
import { checkCourseText } from "./course/course-text.ts";
import { type Lesson, lessonsOf } from "./course/lessons.ts";
import { parseKeepingNumbers } from "./course/number-spelling.ts";
import { knownFields } from "./course/tolerance.ts";
import { mask } from "./credentials/credential.ts";
import { digestOfFile } from "./digest.ts";
import { imageFault } from "./image-content.ts";
import { type Examined, examineNotebook } from "./notebook/notebook.ts";
import type { Depth } from "./notebook/text-checks.ts";
import { fingerprintOf, partsOf, withFiles } from "./parts.ts";
import type { Article, ArticleKind, ArticleReading, Digest, ReadOptions } from "./types.ts";

/** What is being gathered while an article is read. */
interface Opening {
  readonly folder: ArticleFolder;
  readonly file: CourseFile;
  readonly options: ReadOptions;
  readonly depth: Depth;
  readonly problems: Problem[];
  readonly notebooks: Map<string, Digest>;
  readonly images: Map<string, Digest>;
  /** The same as versions before 0.2 saw it: notebooks by their bytes, no images of directives. */
  readonly earlier: { readonly notebooks: Map<string, () => Digest>; readonly images: Map<string, Digest> };
}

/**
 * Reads an article to a depth: as far as its fingerprint needs, or with every check. A wrong `course.json`
 * is followed as far as it can be, so that every problem is reported at once.
 */
export async function openArticle(
  folder: string,
  kind: ArticleKind,
  options: ReadOptions,
  depth: Depth,
): Promise<ArticleReading> {
  const inside = new ArticleFolder(folder);
  const text = readCourseFile(inside);
  if (typeof text !== "string") return { problems: [text] };
  const { problems: leaks, secrets } = await checkCourseText(text, options);
  const file = await parseCourse(text, mask(text, secrets));
  // Whether a credential forbids the article is up to the stack; its fingerprint is the same either way.
  const problems = [...file.problems, ...(depth === "check" ? leaks : [])];
  const opening: Opening = {
    folder: inside,
    file,
    options,
    depth,
    problems,
    notebooks: new Map(),
    images: new Map(),
    earlier: { notebooks: new Map(), images: new Map() },
  };
  if (depth === "check") problems.push(...courseRules(file, kind, options.declaredKernels));
  const lessons = lessonsOf(file);
  await openLogos(opening);
  await openNotebooks(opening, lessons);
  const redacted = problems.map((problem) => redact(problem, secrets));
  const wrong = redacted.some(({ severity }) => severity === "error");
  if (wrong || !file.course) return { problems: redacted };
  return { article: assemble(opening, kind, file.course, lessons), problems: redacted };
}

/** A value of course.json may be in a message, a path or a remedy too. */
function redact(problem: Problem, secrets: readonly string[]): Problem {
  if (secrets.length === 0) return problem;
  const { path } = problem;
  return {
    ...problem,
    message: mask(problem.message, secrets),
    remedy: mask(problem.remedy, secrets),
    ...(path !== undefined && { path: mask(path, secrets) }),
  };
}

const COURSE_REMEDIES = {
  "path-outside": `Put ${COURSE_FILE} itself into the folder, not a link`,
  "not-a-file": `Put a file ${COURSE_FILE} into the folder`,
  "file-too-large": "Move long texts into notebooks",
} as const;

function readCourseFile(folder: ArticleFolder): string | Problem {
  const common = { severity: "error", file: COURSE_FILE } as const;
  const found = folder.find(COURSE_FILE, { noun: "notebook" });
  if (!isFile(found)) {
    if (found.code !== "missing-file") return { ...common, ...found, remedy: COURSE_REMEDIES[found.code] };
    const message = `There is no ${COURSE_FILE} in this folder`;
    return { ...common, code: "no-course-json", message, remedy: "Add one, or name another folder" };
  }
  try {
    const bytes = readFileSync(found.absolute);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) {
      return {
        ...common,
        code: "invalid-json",
        message: "The file is not UTF-8 text",
        remedy: "Save it as UTF-8",
      };
    }
    return {
      ...common,
      code: "no-course-json",
      message: "The file can't be read",
      remedy: "Make it readable",
    };
  }
}

async function openLogos(opening: Opening): Promise<void> {
  const links = opening.file.data["imageLink"];
  for (const key of ["darkLogo", "lightLogo"]) {
    const link = isObject(links) ? links[key] : undefined;
    if (typeof link !== "string" || link === "") continue;
    const path = ["imageLink", key];
    if (/^https?:\/\//i.test(link)) {
      opening.problems.push(remoteLogo(opening, path, link));
      continue;
    }
    const file = find(opening, path, link, { noun: "image" });
    if (!file) continue;
    const digest = await digestOfFile(file);
    opening.images.set(file.relative, digest);
    opening.earlier.images.set(file.relative, digest);
    const fault = opening.depth === "check" ? imageFault(file) : undefined;
    const severity = opening.options.rules?.missingImages ?? "error";
    if (fault) opening.problems.push(courseProblem(opening.file.json, path, { ...fault, severity }));
  }
}

function remoteLogo({ file }: Opening, path: JsonPath, link: string): Problem {
  return courseProblem(file.json, path, {
    code: "remote-logo",
    severity: "warning",
    message: `The logo is at ${link}, where it can change or disappear`,
    remedy: "Keep the image beside course.json and write its path",
  });
}

async function openNotebooks(opening: Opening, lessons: readonly Lesson[]): Promise<void> {
  const known = new Map<string, NotebookDigests>();
  for (const { label, path, baseFilePath } of lessons) {
    if (baseFilePath === undefined) continue;
    const file = find(opening, [...path, "baseFilePath"], baseFilePath, { noun: "notebook" });
    if (!file) continue;
    const digests = known.get(file.relative) ?? (await openNotebook(opening, file));
    known.set(file.relative, digests);
    opening.notebooks.set(label, digests.digest);
    opening.earlier.notebooks.set(label, digests.ofBytes);
  }
}

type NotebookDigests = Pick<Examined, "digest" | "ofBytes">;

async function openNotebook(opening: Opening, file: ArticleFile): Promise<NotebookDigests> {
  const { folder, options, depth } = opening;
  const examined = await examineNotebook(folder, file, options, depth);
  opening.problems.push(...examined.problems);
  for (const image of examined.images) {
    const digest = opening.images.get(image.relative) ?? (await digestOfFile(image));
    opening.images.set(image.relative, digest);
    if (!examined.ofDirectives.has(image)) opening.earlier.images.set(image.relative, digest);
  }
  return examined;
}

function find(opening: Opening, path: JsonPath, value: string, use: PathUse): ArticleFile | undefined {
  const found = opening.folder.find(value, use);
  if (isFile(found)) return found;
  opening.problems.push(courseProblem(opening.file.json, path, { ...found, severity: "error" }));
  return undefined;
}

function dataOf({ json }: CourseFile): Article["data"] {
  const data = knownFields(parseKeepingNumbers(json.text));
  return isObject(data) ? data : {};
}

function assemble(
  opening: Opening,
  kind: ArticleKind,
  course: CourseJson,
  lessons: readonly Lesson[],
): Article {
  const { folder, file } = opening;
  const parts = partsOf(course, file.json, lessons, opening);
  const kernels = lessons.flatMap(({ kernelId = "" }) => (kernelId.trim() === "" ? [] : kernelId));
  return {
    kind,
    slug: basename(folder.root),
    folder: folder.root,
    title: course.courseName,
    course,
    data: dataOf(file),
    kernels: [...new Set(kernels)].sort(),
    fingerprint: fingerprintOf(parts),
    parts,
    get earlier() {
      return earlierOf(parts, opening.earlier);
    },
  };
}

function earlierOf(parts: Article["parts"], { notebooks, images }: Opening["earlier"]): Article["earlier"] {
  const ofBytes = new Map([...notebooks].map(([label, digest]) => [label, digest()]));
  const earlier = withFiles(parts, { notebooks: ofBytes, images });
  return { fingerprint: fingerprintOf(earlier), parts: earlier };
}
