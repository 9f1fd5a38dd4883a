import { posix } from "node:path";
import type { Article } from "../source/types.ts";

/** What a stack sets instead of the file. */
export interface Overrides {
  readonly titlePrefix?: string | undefined;
  readonly visibility?: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The `data` that qBook gets: course.json with the stack's overrides, and with its paths from the
 * repository's root, because the platform clones the repository and reads them there.
 * That it reads them from the root, and not from the folder of a course.json, is a guess: it is
 * made here and nowhere else.
 * @param base the article's folder from the repository's root, with `/`; `.` where it is the root
 */
export function requestData(
  article: Pick<Article, "data" | "title">,
  base: string,
  overrides: Overrides,
): Json {
  const fromRoot = (path: unknown) =>
    typeof path === "string" && path !== "" && !/^https?:/i.test(path) ? normal(`${base}/${path}`) : path;
  const { data } = article;
  return {
    ...data,
    courseName: `${overrides.titlePrefix ?? ""}${article.title}`,
    ...(overrides.visibility ? { visibility: overrides.visibility } : {}),
    imageLink: eachValue(data["imageLink"], fromRoot),
    content: list(data["content"]).map((chapter) => ({
      ...chapter,
      baseFilePath: fromRoot(chapter["baseFilePath"]),
      ...("sections" in chapter
        ? {
            sections: list(chapter["sections"]).map((section) => ({
              ...section,
              baseFilePath: fromRoot(section["baseFilePath"]),
            })),
          }
        : {}),
    })),
  };
}

/** `./a//b/../c` is `a/c`: the check takes a path so, where no folder `b` needs to be, but a clone would look for it. */
function normal(path: string): string {
  return posix.normalize(path).replace(/\/+$/, "");
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function eachValue(value: unknown, change: (value: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));
}
