import { type Digest, digestOf } from "../digest.ts";
import { isObject } from "../json.ts";

/** What a proof depends on. */
export interface ProofSubject {
  /** The notebook's content. */
  readonly notebook: Digest;
  /** The image's digest, whatever repository it is in. */
  readonly image: Digest;
  /** How it is run and compared, as JSON: time limits, seeds, the digests of data files. */
  readonly settings: unknown;
}

/**
 * The key of a proof's result: 64 hexadecimal digits, equal for equal subjects on every machine. The order of keys in
 * the settings does not count, nor do keys whose value is undefined.
 */
export function proofKey({ notebook, image, settings }: ProofSubject): string {
  const subject = JSON.stringify([VERSION, notebook, image, settings ?? null], inOrder);
  return digestOf(subject).slice("sha256:".length);
}

/** Another one makes all results of before unknown, as a change of what "passed" means has to. */
const VERSION = 1;

const inOrder = (_: string, value: unknown) =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    : value;
