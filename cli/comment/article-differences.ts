import { readFile } from "node:fs/promises";
import { ArticleFolder, isFile } from "../../components/article/source/article-path.ts";
import { parseCourse } from "../../components/article/source/course/course-json.ts";
import { lessonsOf } from "../../components/article/source/course/lessons.ts";
import type { LessonDifference } from "../../plan/comment/comment-input.ts";
import { cellsOf } from "../../plan/comment/notebook/cells.ts";
import type { PageNotebook } from "../../plan/comment/notebook/difference-page.ts";
import { cellChanges, countChanges } from "../../plan/comment/notebook/notebook-difference.ts";

/** An article as far as it can be read: where its notebooks are, by the label of their lesson. */
export interface ReadArticle {
  readonly title: string | undefined;
  readonly notebooks: ReadonlyMap<string, string>;
}

/** A notebook that differs, with its cells where both sides can be read. */
export type FoundLesson = LessonDifference & { readonly page?: PageNotebook };

/** Reads where an article's notebooks are. What can't be read has none, as the check reports it. */
export async function articleIn(folder: string): Promise<ReadArticle> {
  const inside = new ArticleFolder(folder);
  const find = (path: string) => {
    const found = inside.find(path, { noun: "notebook" });
    return isFile(found) ? found.absolute : undefined;
  };
  const text = await readable(find("course.json"));
  if (text === undefined) return { title: undefined, notebooks: new Map() };
  const file = await parseCourse(text).catch(() => undefined);
  if (!file) return { title: undefined, notebooks: new Map() };
  const { courseName } = file.data;
  const notebooks = lessonsOf(file).flatMap(({ label, baseFilePath }) => {
    const path = baseFilePath === undefined ? undefined : find(baseFilePath);
    return path === undefined ? [] : [[label, path] as const];
  });
  return {
    title: typeof courseName === "string" && courseName.trim() !== "" ? courseName : undefined,
    notebooks: new Map(notebooks),
  };
}

/** The text of a file; undefined where there is none. */
export const readable = async (file: string | undefined): Promise<string | undefined> =>
  file === undefined ? undefined : readFile(file, "utf8").catch(() => undefined);

/** The notebooks that differ between two versions of an article, in the order in which the later one is read. */
export async function lessonDifferences(before: ReadArticle, after: ReadArticle): Promise<FoundLesson[]> {
  const labels = new Set([...after.notebooks.keys(), ...before.notebooks.keys()]);
  const found = [...labels].map(async (label): Promise<FoundLesson[]> => {
    const [old, now] = [
      await readable(before.notebooks.get(label)),
      await readable(after.notebooks.get(label)),
    ];
    if (old === now) return [];
    if (old === undefined) return [{ label, change: "added" }];
    if (now === undefined) return [{ label, change: "removed" }];
    return [changedLesson(label, old, now)];
  });
  return (await Promise.all(found)).flat();
}

function changedLesson(label: string, old: string, now: string): FoundLesson {
  const [before, after] = [cellsIn(old), cellsIn(now)];
  if (!before || !after) return { label, change: "changed" };
  const changes = cellChanges(before, after);
  return { label, change: "changed", cells: countChanges(changes), page: { label, changes } };
}

function cellsIn(text: string) {
  try {
    return cellsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
