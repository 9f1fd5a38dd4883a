import { openArticle } from "./open.ts";
import type { ArticleKind, ArticleReading, ReadOptions } from "./types.ts";

/**
 * Reads an article and checks everything about it: `course.json`, each notebook and each image that they
 * refer to. Every problem is reported at once; it never throws for what a person wrote.
 */
export async function readArticle(
  folder: string,
  kind: ArticleKind,
  options: ReadOptions = {},
): Promise<ArticleReading> {
  return openArticle(folder, kind, options, "check");
}
