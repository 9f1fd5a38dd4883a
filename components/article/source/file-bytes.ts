import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import type { ArticleFile } from "./article-path.ts";

/** Most notebooks fit, in bytes. */
const USUAL = 1024 * 1024;

let shared = Buffer.allocUnsafeSlow(USUAL);

/**
 * Gives the bytes of a file to a function, which must neither keep them nor read another file: all files are read
 * into one buffer. A buffer for each costs more time than to read it, and memory until it is collected.
 */
export function withBytesOf<T>(
  { absolute, size }: Pick<ArticleFile, "absolute" | "size">,
  use: (bytes: Buffer) => T,
): T {
  // With a byte to spare, a file that became larger since its size was taken is told.
  if (size >= shared.length) shared = Buffer.allocUnsafeSlow(size + 1);
  const file = openSync(absolute, "r");
  let length = 0;
  try {
    for (let count = -1; count !== 0 && length < shared.length; length += count) {
      count = readSync(file, shared, length, shared.length - length, null);
    }
  } finally {
    closeSync(file);
  }
  return use(length < shared.length ? shared.subarray(0, length) : readFileSync(absolute));
}
