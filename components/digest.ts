import { hash } from "node:crypto";

/** `sha256:` and 64 lower-case hexadecimal digits, of bytes. */
export type Digest = `sha256:${string}`;

/** An OCI digest of an algorithm that registries use. */
export const OCI_DIGEST = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** The digest of bytes, or of a text in UTF-8. */
export function digestOf(content: Uint8Array | string): Digest {
  return `sha256:${hash("sha256", content, "hex")}`;
}
