import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";

const STYLE = join(import.meta.dirname, "browser/page.css");
const { resolve } = createRequire(import.meta.url);
/** The one that sets the formulas: its style sheet must be of the same version. */
const KATEX = dirname(createRequire(resolve("@vscode/markdown-it-katex")).resolve("katex"));
const KATEX_FILES = /^katex\/(katex\.min\.css|fonts\/[\w-]+\.(woff2|woff|ttf))$/;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
};

/** A file that a page loads, and its media type. */
export interface PageFile {
  readonly file: string;
  readonly type: string;
}

/** What rendered notebooks load beside images, `page.css` and KaTeX's files; undefined where there is none of this name. */
export function renderingFile(name: string): PageFile | undefined {
  if (name !== "page.css" && !KATEX_FILES.test(name)) return undefined;
  const file = name === "page.css" ? STYLE : join(KATEX, name.slice("katex/".length));
  return { file, type: TYPES[extname(file)] ?? "application/octet-stream" };
}
