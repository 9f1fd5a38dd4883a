import { createHash } from "node:crypto";

/** A host's public key, as a known_hosts line names it. */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
  /** As `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly fingerprint: string;
}

const SIGNATURES: Readonly<Record<string, readonly string[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** The types of host key that a connection can be held to. */
export const HOST_KEY_TYPES: readonly string[] = Object.keys(SIGNATURES);

/**
 * Reads `ssh-ed25519 AAAA…`, with or without a comment; undefined where it isn't one whole key.
 */
export function parseHostKey(line: string): HostKey | undefined {
  const [type = "", base64 = ""] = line.trim().split(/\s+/);
  if (!HOST_KEY_TYPES.includes(type) || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return undefined;
  const blob = Buffer.from(base64, "base64");
  // The key begins with its own type: so a line that lost its end or its beginning is seen.
  const named = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString() : "";
  if (named !== type || !endsWhole(blob)) return undefined;
  return { type, blob, fingerprint: fingerprintOf(blob) };
}

/** `SHA256:…` of a public key's bytes. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The signature algorithms that make a server show exactly this type of key. */
export function signaturesOf(key: HostKey): string[] {
  return [...(SIGNATURES[key.type] ?? [])];
}

/** Whether the bytes are a sequence of length-prefixed strings and nothing more. */
function endsWhole(blob: Buffer): boolean {
  let at = 0;
  while (at + 4 <= blob.length) at += 4 + blob.readUInt32BE(at);
  return at === blob.length;
}
