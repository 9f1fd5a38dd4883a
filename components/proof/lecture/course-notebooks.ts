import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArticleFolder, isFile } from "../../article/source/article-path.ts";
import { parseCourse } from "../../article/source/course/course-json.ts";
import { COURSE_FILE } from "../../article/source/course/course-problem.ts";
import { lessonsOf } from "../../article/source/course/lessons.ts";

/** A notebook of a course that starts on a kernel. */
export interface CourseNotebook {
  /** From the course's folder, with `/`. */
  readonly path: string;
  readonly absolute: string;
  /** The kernel's display name. */
  readonly kernel: string;
}

/**
 * The notebooks that a course's course.json names a kernel for, each once per kernel. What is wrong with the file is
 * reported by the check of the article, and left out here.
 */
export async function courseNotebooks(folder: string): Promise<CourseNotebook[]> {
  const text = await readFile(join(folder, COURSE_FILE), "utf8").catch(() => undefined);
  if (text === undefined) return [];
  const inside = new ArticleFolder(folder);
  const found = new Map<string, CourseNotebook>();
  for (const { baseFilePath, kernelId = "" } of lessonsOf(await parseCourse(text))) {
    if (baseFilePath === undefined || kernelId.trim() === "") continue;
    const file = inside.find(baseFilePath, { noun: "notebook" });
    if (!isFile(file)) continue;
    const { relative: path, absolute } = file;
    found.set(JSON.stringify([path, kernelId]), { path, absolute, kernel: kernelId });
  }
  return [...found.values()];
}
