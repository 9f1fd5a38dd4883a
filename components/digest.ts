import { hash } from "node:crypto";

/** `sha256:` and 64 lower-case hexadecimal digits, of bytes. */
export type Digest = `sha256:${string}`;

/** The digest of bytes, or of a text in UTF-8. */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${hash("sha256", content, "hex")}`;
}
