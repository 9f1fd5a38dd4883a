import { nearest } from "../../problem/nearest.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { fixedBy, type IsFixed } from "../tags/immutable-forms.ts";
import { type AliasTag, compareTags, type Tag, type UnknownTag, type UnnamedTag } from "../tags/tag.ts";
import { parseAlias, parseTag, scanTag, withName } from "../tags/tag-grammar.ts";
import type { ImagePolicy } from "./policy.ts";
import { ageNotices, cycleProblems, picks } from "./selection-rules.ts";

/** What a policy picks from a repository's tags, before any digest is known. */
export interface Wanted {
  /** The tags whose digests the selection needs; the recommended one first. */
  readonly tags: readonly Tag[];
  /** The text of the one that heads the menu. */
  readonly recommended?: string;
  /** Those among them that can move: their targets are to be found by digest. */
  readonly moving: readonly (AliasTag | UnknownTag)[];
  /** What they may stand for, in the menu's order: every tag whose text fixes what it names. */
  readonly candidates: readonly UnnamedTag[];
  /** Whether a tag's text fixes what it names, as the policy has it. */
  readonly isFixed: IsFixed;
  /** Reported, not fatal: e.g. that every weekly is too old. */
  readonly notices: readonly Problem[];
}

/** The alias that heads a menu where the policy names none, if the repository has it. */
const RECOMMENDED = "recommended";

/**
 * What a policy picks from a repository's tags.
 * @param now milliseconds since the epoch, for `maximumAge`
 * @throws {LecternError} for a recommended tag or pin that is not there or is of one architecture
 *   only, for a cycle that matches nothing, and where nothing is picked
 */
export function wanted(texts: Iterable<string>, policy: ImagePolicy, now: number): Wanted {
  const present = new Set(texts);
  const sorted = Array.from(present, scanTag).sort(compareTags);
  const problems = [...namedProblems(policy, present, sorted), ...cycleProblems(policy, sorted)];
  if (problems.length > 0) throw new LecternError(problems);

  const head = policy.recommended ?? (present.has(RECOMMENDED) ? RECOMMENDED : undefined);
  const isFixed = fixedBy(policy.immutable);
  const first = head === undefined ? [] : [aliasOrTag(head, isFixed)];
  const tags = onceEach([...first, ...policy.pin.map(parseTag), ...picks(sorted, policy, now).map(withName)]);
  if (tags.length === 0) throw new LecternError(nothingPicked(present.size));
  const moving = tags.filter(isMoving).filter((tag) => !isFixed(tag));
  const candidates = moving.length === 0 ? [] : sorted.filter(isFixed).map(withoutFalseArch);
  const found = { tags, moving, candidates, isFixed, notices: ageNotices(policy, sorted, now) };
  return head === undefined ? found : { ...found, recommended: head };
}

/** What the policy recommends is an alias, unless its text fixes what it names: that can't move. */
function aliasOrTag(text: string, isFixed: IsFixed): Tag {
  const tag = parseTag(text);
  return tag.kind === "unknown" && !isFixed(tag) ? parseAlias(text) : tag;
}

/** Whether a tag is of a kind that can move. */
export const isMoving = (tag: Tag): tag is AliasTag | UnknownTag =>
  tag.kind === "alias" || tag.kind === "unknown";

function onceEach(tags: readonly Tag[]): Tag[] {
  const byText = new Map<string, Tag>();
  for (const tag of tags) if (!byText.has(tag.text)) byText.set(tag.text, tag);
  return [...byText.values()];
}

function namedProblems(
  policy: ImagePolicy,
  present: ReadonlySet<string>,
  sorted: readonly UnnamedTag[],
): Problem[] {
  const named = policy.pin.map((text, index) => ({ text, path: `pin[${index}]` }));
  if (policy.recommended !== undefined) named.unshift({ text: policy.recommended, path: "recommended" });
  const isFixed = fixedBy(policy.immutable);
  return named.flatMap(({ text, path }) => {
    if (!present.has(text)) return [missing(text, path, sorted)];
    const tag = scanTag(text);
    // `main-3f2a1bc` is no part of `main`, and `2024-01-15` none of `2024-01`.
    const { arch } = isFixed(tag) ? withoutFalseArch(tag) : tag;
    return arch === undefined ? [] : oneArchitecture(text, arch, path, present);
  });
}

function missing(text: string, path: string, sorted: readonly UnnamedTag[]): Problem {
  const near = nearest(
    text,
    sorted.map((tag) => tag.text),
  );
  const newest = sorted.slice(0, 3).map((tag) => tag.text);
  const quoted = (texts: readonly string[]) => texts.map((tag) => JSON.stringify(tag)).join(", ");
  return {
    code: "missing-tag",
    severity: "error",
    path,
    message: `the repository has no tag ${JSON.stringify(text)}`,
    remedy:
      near.length > 0
        ? `Name one that exists; the nearest are ${quoted(near)}`
        : newest.length > 0
          ? `Name one that exists, such as ${quoted(newest)}`
          : "Push the image first: the repository has no tags",
  };
}

/** The architectures that images are built for, as Go and OCI name them, perhaps with a variant. */
const ARCHITECTURE =
  /^(386|amd64|arm|arm64|loong64|mips|mips64|mips64le|mipsle|ppc64|ppc64le|riscv64|s390x|wasm)(v\d+)?$/;

/** A tag of a form beside the grammar's, which would take the end of `2024-01-15` for an architecture. */
const withoutFalseArch = (tag: UnnamedTag): UnnamedTag =>
  tag.kind === "unknown" && !ARCHITECTURE.test(tag.arch ?? "") ? { ...tag, arch: undefined } : tag;

/**
 * The grammar reads whatever follows the last dash as an architecture, and people give tags such
 * as `staging-recommended` and `2024-01-15`: only what is one, or has a tag for all beside it, is refused.
 */
function oneArchitecture(text: string, arch: string, path: string, present: ReadonlySet<string>): Problem[] {
  const general = text.slice(0, -arch.length - 1);
  const hasGeneral = present.has(general);
  if (!hasGeneral && !ARCHITECTURE.test(arch)) return [];
  return [
    {
      code: "one-architecture",
      severity: "error",
      path,
      message: `${JSON.stringify(text)} is for the architecture ${arch} only, and nodes may have another`,
      remedy: hasGeneral
        ? `Name the tag for all architectures: ${JSON.stringify(general)}`
        : "Push an index of all architectures under a tag of its own, and name that",
    },
  ];
}

function nothingPicked(tags: number): Problem {
  return {
    code: "empty-selection",
    severity: "error",
    message: `the policy selects none of the repository's ${tags} tags`,
    remedy: "Raise a count, loosen cycle, minimumVersion or maximumAge, or pin a tag",
  };
}
