import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";

const OWN = join(import.meta.dirname, "browser");
const { resolve } = createRequire(import.meta.url);
/** The one that sets the formulas: its style sheet must be of the same version. */
const KATEX = dirname(createRequire(resolve("@vscode/markdown-it-katex")).resolve("katex"));
const OWN_FILES = /^(page\.css|live\.js)$/;
const KATEX_FILES = /^katex\/(katex\.min\.css|fonts\/[\w-]+\.(woff2|woff|ttf))$/;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
};

/** Serves what pages load beside images: everything from this machine. @returns whether there is such a file */
export async function sendAsset(name: string, response: ServerResponse): Promise<boolean> {
  const file = OWN_FILES.test(name)
    ? join(OWN, name)
    : KATEX_FILES.test(name)
      ? join(KATEX, name.slice("katex/".length))
      : undefined;
  if (file === undefined) return false;
  const bytes = await readFile(file);
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  response.end(bytes);
  return true;
}
