import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { type PageFile, renderingFile } from "../../../../components/article/rendering/rendering-file.ts";

const LIVE: PageFile = {
  file: join(import.meta.dirname, "browser/live.js"),
  type: "text/javascript; charset=utf-8",
};

/** Serves what pages load beside images: everything from this machine. @returns whether there is such a file */
export async function sendAsset(name: string, response: ServerResponse): Promise<boolean> {
  const found = name === "live.js" ? LIVE : renderingFile(name);
  if (!found) return false;
  const bytes = await readFile(found.file);
  response.writeHead(200, { "content-type": found.type });
  response.end(bytes);
  return true;
}
