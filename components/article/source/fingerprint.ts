import { openArticle } from "./open.ts";
import type { ArticleKind, ArticleReading } from "./types.ts";

/**
 * Reads an article only as far as its fingerprint needs: `course.json`, the bytes of the notebooks and
 * images that it refers to. For deciding whether anything changed; `readArticle` reports whether it is right.
 */
export async function fingerprintArticle(folder: string, kind: ArticleKind): Promise<ArticleReading> {
  return openArticle(folder, kind, {}, "fingerprint");
}
