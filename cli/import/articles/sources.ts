import { basename, resolve } from "node:path";
import { filesOf } from "../../../components/article/commit-problems.ts";
import { fingerprintArticle } from "../../../components/article/source/fingerprint.ts";
import type { Article, ArticleKind } from "../../../components/article/source/types.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import type { ArticlesApi } from "../../../components/qbook/articles-api.ts";

/** An article that is on qBook, with its author's own files. */
export interface SourcedArticle {
  readonly customId: string;
  /** Where readers find it, where qBook says so. */
  readonly url?: string;
  /** How far qBook has processed it. */
  readonly status: string;
  /** Its folder's name in the catalog. */
  readonly slug: string;
  /** The author's folder. */
  readonly folder: string;
  readonly article: Article;
  /** What belongs to it, relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Pairs IDs of qBook with their authors' folders, in the order in which both are given.
 * @throws {LecternError} where one has no other
 */
export function pairsOf(ids: readonly string[], folders: readonly string[]): (readonly [string, string])[] {
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw refused("--id", `${repeated} is given twice`, "Name each article once");
  const pairs = ids.flatMap((id, index) => {
    const folder = folders[index];
    return folder === undefined ? [] : [[id, folder] as const];
  });
  if (pairs.length === ids.length && folders.length === ids.length) return pairs;
  throw refused(
    "--from",
    `${ids.length} ${ids.length === 1 ? "ID is" : "IDs are"} given with ${folders.length} ${folders.length === 1 ? "folder" : "folders"}: qBook gives no course.json and no notebooks back`,
    "Name for each --id, in the same order, the folder or clone of its author that has the course.json",
  );
}

/**
 * Reads an article: what qBook tells of it, and what its author's folder has.
 * @throws {LecternError} where qBook has no such article, or the folder's course.json can't be read
 */
export async function sourceOf(
  customId: string,
  dir: string,
  kind: ArticleKind,
  api: ArticlesApi,
): Promise<SourcedArticle> {
  const folder = resolve(dir);
  const { article, problems } = await fingerprintArticle(folder, kind);
  if (!article) throw new LecternError(problems);
  const found = await api.status(customId);
  if (!found) {
    throw refused(
      "--id",
      `qBook has no article ${customId}`,
      "Correct the ID: it is the last part of the article's address",
    );
  }
  const { url, status } = found;
  const slug = slugOf(basename(folder), article.title);
  return {
    customId,
    ...(url ? { url } : {}),
    status,
    slug,
    folder,
    article,
    files: [...new Set(filesOf(article))],
  };
}

/** The folder's own name, where it can be one of the catalog, else the title's. */
function slugOf(name: string, title: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name)) return name;
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "article";
}

const refused = (path: string, message: string, remedy: string): LecternError => {
  const problem: Problem = { code: "not-importable", severity: "error", path, message, remedy };
  return new LecternError(problem);
};
