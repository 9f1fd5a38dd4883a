import { createHash } from "node:crypto";

const LONGEST = 63;

/**
 * A DNS-1123 label (what Kubernetes takes as a name) for any text: the text itself where it is one,
 * else what is left of it and a hash, so that two texts never come to one name.
 * @param prefix comes before it, a label itself
 */
export function dnsLabel(text: string, prefix = ""): string {
  const whole = `${prefix}${text}`;
  if (whole.length <= LONGEST && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(whole) && !HASHED.test(text)) {
    return whole;
  }
  const kept = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST - prefix.length - SUFFIX)
    .replace(/^-+|-+$/g, "");
  return [`${prefix}${kept}`.replace(/-$/, ""), shortHash(text)].filter((part) => part !== "").join("-");
}

/** A text that looks like one of ours gets a hash of its own. */
const HASHED = /(^|-)[0-9a-f]{10}$/;
const SUFFIX = 11;

/** The first digits of a text's SHA-256: enough to tell a cluster's names apart. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
