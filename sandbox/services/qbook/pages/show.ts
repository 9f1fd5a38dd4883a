import type { ServerResponse } from "node:http";
import { extname } from "node:path";
import type { ArticleStore, StoredArticle } from "../articles.ts";
import { readFrom } from "../repository.ts";
import { articlePage, indexPage, missingPage } from "./article-page.ts";
import { sendAsset } from "./assets.ts";
import { htmlDocument, type Page } from "./layout.ts";
import { sendVersions } from "./live.ts";

/** Pages run no script and load nothing but what the stand-in serves; images may come from anywhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: http: https:";

/** Answers a reader's browser: the list, an article's page, an image of an article, and what pages load. */
export async function show(store: ArticleStore, url: URL, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent(url.pathname);
  const [, asset] = /^\/assets\/(.+)$/.exec(path) ?? [];
  if (asset !== undefined && (await sendAsset(asset, response))) return;
  if (path === "/events") {
    const shown = decodeURIComponent(url.searchParams.get("of") ?? "/");
    return sendVersions(() => (pageAt(store, shown) ?? missingPage("article")).version, response);
  }
  const [, customId = "", file] = /^\/files\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (file !== undefined) return sendImage(store.get(customId), file, response);
  const page = pageAt(store, path);
  sendPage(response, page ? 200 : 404, page ?? missingPage("article"));
}

function pageAt(store: ArticleStore, path: string): Page | undefined {
  const now = Date.now();
  if (path === "/" || path === "/learn") {
    return indexPage(store.all().map((article) => [article, store.status(article, now)]));
  }
  const article = store.get(/^\/learn\/([^/]+)$/.exec(path)?.[1] ?? "");
  return article && articlePage(article, store.status(article, now));
}

function sendPage(response: ServerResponse, status: number, page: Page): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": POLICY,
  });
  response.end(htmlDocument(page));
}

async function sendImage(
  article: StoredArticle | undefined,
  file: string,
  response: ServerResponse,
): Promise<void> {
  const type = IMAGES[extname(file).toLowerCase()];
  const bytes =
    type && article
      ? await readFrom(article.repoUrl, article.commitSha, file).catch(() => undefined)
      : undefined;
  if (!type || !bytes) return sendPage(response, 404, missingPage("image"));
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
