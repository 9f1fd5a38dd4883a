import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type Digest, digestOf } from "../../digest.ts";
import { withBytesOf } from "./file-bytes.ts";

export { digestOf };

/** A small file is read at once, which is faster than a stream. */
const SMALL = 256 * 1024;

/** The digest of a file of a size in bytes; a large one is read in pieces, so that it needs no memory of its size. */
export async function digestOfFile(file: {
  readonly absolute: string;
  readonly size: number;
}): Promise<Digest> {
  if (file.size <= SMALL) return withBytesOf(file, digestOf);
  const digest = createHash("sha256");
  for await (const piece of createReadStream(file.absolute)) digest.update(piece as Buffer);
  return `sha256:${digest.digest("hex")}`;
}
