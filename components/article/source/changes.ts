import { isObject } from "../../json.ts";
import type { Digest } from "./types.ts";

type Parts = Readonly<Record<string, Digest | string>>;
/** The part that holds which chapters and sections there are, in which order. */
export const ORDER = "order of chapters and sections";

type Change = "added" | "changed" | "removed";

/** Hexadecimal digits of a part's digest that tell one version of it from the next. */
const DIGITS = 12;

/**
 * The digests of parts as the state keeps them: abbreviated, in one JSON text. They only name what changed, as
 * the fingerprint decides whether anything did; an article has dozens, and the engine handles each value of
 * a state several times in a run.
 */
export function keptParts(parts: Parts): string {
  return JSON.stringify(abbreviated(parts));
}

/** What {@link keptParts} kept, or earlier versions, which kept whole digests by their labels. */
export function partsFrom(kept: string | Parts): Parts {
  if (typeof kept !== "string") return abbreviated(kept);
  const parts: unknown = JSON.parse(kept);
  if (!isObject(parts)) throw new Error("the state holds no parts of the article");
  return Object.fromEntries(Object.entries(parts).map(([label, digest]) => [label, String(digest)]));
}

export function abbreviated(parts: Parts): Parts {
  const short = (digest: string) => digest.replace(/^sha256:/, "").slice(0, DIGITS);
  return Object.fromEntries(Object.entries(parts).map(([label, digest]) => [label, short(digest)]));
}

/**
 * What differs between two articles, one sentence without a full stop for each subject, such as
 * `chapter 2 'Entanglement': notebook changed` or `image bell.png added`. Empty where nothing differs.
 */
export function describeChanges(before: Parts, after: Parts): string[] {
  const subjects = new Map<string, Map<string, Change>>();
  for (const label of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[label] === after[label]) continue;
    const change = !(label in before) ? "added" : !(label in after) ? "removed" : "changed";
    const { subject, aspect } = splitLabel(label);
    subjects.set(subject, (subjects.get(subject) ?? new Map<string, Change>()).set(aspect, change));
  }
  const moved = [...subjects].some(([, aspects]) =>
    [...aspects.values()].some((change) => change !== "changed"),
  );
  if (moved && subjects.size > 1) subjects.delete(ORDER);
  return [...subjects].map(([subject, aspects]) => sentence(subject, aspects)).sort(inReadingOrder);
}

function splitLabel(label: string): { subject: string; aspect: string } {
  const lesson = /^(chapter .*) (notebook|settings)$/s.exec(label);
  if (lesson) return { subject: lesson[1] ?? label, aspect: lesson[2] ?? "" };
  return { subject: label, aspect: "" };
}

function sentence(subject: string, aspects: ReadonlyMap<string, Change>): string {
  const changes = new Set(aspects.values());
  const [only] = changes;
  if (aspects.has("")) return `${subject} ${only}`;
  if (changes.size === 1 && only !== "changed" && aspects.size > 1) return `${subject} ${only}`;
  return `${subject}: ${[...aspects].map(([aspect, change]) => `${aspect} ${change}`).join(", ")}`;
}

/** Chapters as a reader meets them (2 before 10), then images, then the rest. */
function inReadingOrder(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
