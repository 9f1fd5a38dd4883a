import { openArticle } from "./open.ts";
import type { Article, ArticleKind, ArticleReading } from "./types.ts";

/**
 * Reads an article only as far as its fingerprint needs: `course.json`, the bytes of the notebooks and
 * images that it refers to. For deciding whether anything changed; `readArticle` reports whether it is right.
 */
export async function fingerprintArticle(folder: string, kind: ArticleKind): Promise<ArticleReading> {
  return openArticle(folder, kind, {}, "fingerprint");
}

/** Whether a fingerprint, of this or an earlier version, is that of an article's content. */
export function hasFingerprint(article: Article | undefined, fingerprint: string): boolean {
  return article?.fingerprint === fingerprint || article?.earlier.fingerprint === fingerprint;
}
