import type { ServerResponse } from "node:http";
import { extname } from "node:path";
import { sendHtml } from "../server.ts";
import type { ArticleStore } from "./articles.ts";
import { articlePage, indexPage } from "./page.ts";
import { readFrom } from "./repository.ts";

/** Answers a reader's browser: the list, an article's page, an image of an article. */
export async function show(store: ArticleStore, path: string, response: ServerResponse): Promise<void> {
  if (path === "/" || path === "/learn") return sendHtml(response, 200, indexPage(store.all()));
  const [, customId = "", file] =
    /^\/(?:learn|files)\/([^/]+)(?:\/(.+))?$/.exec(decodeURIComponent(path)) ?? [];
  const article = store.get(customId);
  if (!article) return sendHtml(response, 404, "<p>There is no such article.</p>");
  if (file === undefined) {
    return sendHtml(response, 200, articlePage(article, store.status(article, Date.now())));
  }
  const type = IMAGES[extname(file).toLowerCase()];
  const bytes = type
    ? await readFrom(article.repoUrl, article.commitSha, file).catch(() => undefined)
    : undefined;
  if (!type || !bytes) return sendHtml(response, 404, "<p>There is no such image.</p>");
  // An SVG opened by itself would run its scripts.
  response.writeHead(200, { "content-type": type, "content-security-policy": "sandbox" });
  response.end(bytes);
}

const IMAGES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};
