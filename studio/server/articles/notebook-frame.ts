import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { notebookHtml } from "../../../components/article/rendering/notebook.ts";
import { renderingFile } from "../../../components/article/rendering/rendering-file.ts";
import { ArticleFolder, isFile } from "../../../components/article/source/article-path.ts";
import { escaped } from "../../../components/html.ts";
import type { OneArticle } from "../../api/articles.ts";
import { Refused } from "../refused.ts";

/** Bytes with their media type. */
interface Content {
  readonly type: string;
  readonly bytes: Buffer | string;
}

/**
 * The policy of a frame: no script at all, and images of the article alone. Formulas are placed by styles of their
 * elements, so that these are allowed, and elements with styles are not.
 */
export const FRAME_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
].join(";");

/** The policy of the page of differences: it shows sources as text, and brings its style. */
export const DIFFERENCE_POLICY =
  "default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'none';frame-ancestors 'self';sandbox allow-same-origin";

/**
 * A notebook's cells and outputs as a document of its own, for a frame without scripts.
 * @param api the path of the studio's API
 */
export async function notebookFrame(folder: string, article: OneArticle, index: number, api: string) {
  const lesson = article.lessons[index];
  if (lesson?.notebook === undefined) throw missing("the article has no such notebook");
  const found = new ArticleFolder(folder).find(lesson.notebook, { noun: "notebook" });
  if (!isFile(found)) throw missing(found.message);
  const files = `${api}articles/${article.kind}/${encodeURIComponent(article.slug)}/files/`;
  const place = { files, level: 1, heading: lesson.title, path: found.relative };
  const notebook: unknown = await json(found.absolute);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(lesson.title)}</title>
<base target="_blank">
<link rel="stylesheet" href="${escaped(api)}article-assets/katex/katex.min.css">
<link rel="stylesheet" href="${escaped(api)}article-assets/page.css">
</head>
<body>
<main>
${notebookHtml(notebook, place)}
</main>
</body>
</html>
`;
}

/** An image that a notebook shows. */
export async function articleImage(folder: string, path: string): Promise<Content> {
  const type = IMAGES[extname(path).toLowerCase()];
  const found = new ArticleFolder(folder).find(path, { noun: "image" });
  if (type === undefined || !isFile(found)) throw missing("the article has no such image");
  return { type, bytes: await readFile(found.absolute) };
}

/** A style sheet or a font of the frames. */
export async function frameAsset(name: string): Promise<Content> {
  const found = renderingFile(name);
  if (!found) throw missing("the studio has no such file");
  return { type: found.type, bytes: await readFile(found.file) };
}

async function json(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(422, {
      code: "not-json",
      message: "the notebook is not JSON, so that it can't be shown",
      remedy: "Correct it; its problems have the place",
    });
  }
}

export const missing = (message: string) =>
  new Refused(404, { code: "missing-file", message, remedy: "Look at the article's problems" });

const IMAGES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};
