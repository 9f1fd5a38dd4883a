import { createHash, hash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Digest } from "./types.ts";

/** The digest of bytes, or of a text in UTF-8. */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${hash("sha256", content, "hex")}`;
}

/** The digest of a file, read in pieces so that a large one needs no memory of its size. */
export async function digestOfFile(path: string): Promise<Digest> {
  const digest = createHash("sha256");
  for await (const piece of createReadStream(path)) digest.update(piece as Buffer);
  return `sha256:${digest.digest("hex")}`;
}
