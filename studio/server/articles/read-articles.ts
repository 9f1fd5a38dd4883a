import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkFolders } from "../../../cli/validate/check-folders.ts";
import type { Verdict } from "../../../components/article/source/check-many.ts";
import { parseCourse } from "../../../components/article/source/course/course-json.ts";
import { lessonsOf } from "../../../components/article/source/course/lessons.ts";
import { isObject } from "../../../components/json.ts";
import type { DeployedMap } from "../../../plan/map/map-file.ts";
import type { ArticleEntry, Articles, OneArticle } from "../../api/articles.ts";
import { deployedOf } from "./deployed/deployed.ts";

type Report = Awaited<ReturnType<typeof checkFolders>>;

/** The catalog's articles with the problems that `lectern validate` reports. */
export async function readArticles(catalog: string, map: DeployedMap): Promise<Articles> {
  const sections = ["courses", "blogs"].map((name) => join(catalog, name)).filter((path) => existsSync(path));
  const { verdicts, notes } = await checkFolders(sections, {});
  const articles = verdicts.filter(isArticle).map(async (verdict) => {
    const { data } = await courseIn(verdict.place.folder);
    return entryOf(verdict, textIn(data, "courseName"), map);
  });
  return { articles: await Promise.all(articles), notes: [...notes] };
}

/** One article with its chapters and sections. */
export async function readOne(folder: string, map: DeployedMap): Promise<OneArticle> {
  const [{ verdicts }, course] = await Promise.all([checkFolders([folder], {}), courseIn(folder)]);
  const verdict = verdicts.find(isArticle);
  if (!verdict) throw new Error(`${folder} was checked as something else than an article`);
  const description = textIn(course.data, "courseDescription");
  return {
    ...entryOf(verdict, textIn(course.data, "courseName"), map),
    ...(description !== undefined && { description }),
    lessons: lessonsOf(course).map(({ path, baseFilePath }) => {
      const isSection = path.length > 2;
      const named = path.reduce<unknown>((value, key) => partOf(value, key), course.data);
      return {
        title: textIn(named, isSection ? "sectionName" : "chapterName") ?? "",
        level: isSection ? ("section" as const) : ("chapter" as const),
        ...(baseFilePath !== undefined && { notebook: baseFilePath }),
      };
    }),
  };
}

const isArticle = (one: Report["verdicts"][number]): one is Verdict =>
  one.place.kind === "course" || one.place.kind === "blog";

function entryOf(verdict: Verdict, title: string | undefined, map: DeployedMap): ArticleEntry {
  const { folder, kind } = verdict.place;
  const slug = basename(folder);
  return {
    kind,
    slug,
    ...(title !== undefined && { title }),
    problems: [...verdict.problems],
    deployed: deployedOf(map, `${kind}/${slug}`, verdict.fingerprint),
  };
}

/** What is wrong with the file is among the problems. */
async function courseIn(folder: string) {
  const text = await readFile(join(folder, "course.json"), "utf8").catch(() => "");
  return parseCourse(text);
}

function textIn(value: unknown, key: string): string | undefined {
  const text = isObject(value) ? value[key] : undefined;
  return typeof text === "string" ? text : undefined;
}

const partOf = (value: unknown, key: string | number): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
