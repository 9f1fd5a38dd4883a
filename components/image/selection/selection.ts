import { OCI_DIGEST } from "../../digest.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { compareTags, type Tag, type UnnamedTag } from "../tags/tag.ts";
import { parseAlias, resolveAlias, withName } from "../tags/tag-grammar.ts";
import type { ImagePolicy } from "./policy.ts";
import { isMoving, type Wanted, wanted } from "./selection-wanted.ts";

/** Digests by tag. */
export type Digests = ReadonlyMap<string, string>;

export interface PrepulledImage {
  /** The tag that stands for the digest: one that nobody moves, where there is one. */
  readonly tag: string;
  readonly digest: string;
}

export interface MenuEntry {
  /** What a user reads, e.g. `Recommended (Weekly 2022_40)`. */
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

export interface Selection {
  /** One for each digest, in the menu's order. */
  readonly prepull: readonly PrepulledImage[];
  /**
   * The recommended image first, then by kind, each newest first. What an alias stands for is shown
   * under the alias alone, unless it is what is recommended.
   */
  readonly menu: readonly MenuEntry[];
  /** What is recommended, by the tag that the policy names; missing where nothing is. */
  readonly recommended?: PrepulledImage;
  /** Reported, not fatal: e.g. a named tag that is not of the policy's cycle. */
  readonly notices: readonly Problem[];
}

/**
 * The images to hold ready and to offer. Needs the digest of each tag of `want.tags`; with those of
 * `want.candidates` that are given, the targets of aliases are found: the name of an alias whose
 * target is not among them is its own alone.
 * @throws {LecternError} for a wanted tag without a digest, or with a malformed one
 */
export function select(want: Wanted, digests: Digests, policy: ImagePolicy): Selection {
  const problems = digestProblems(
    want.tags.map((tag) => tag.text),
    digests,
  );
  if (problems.length > 0) throw new LecternError(problems);

  const digestOf = (tag: Tag) => digests.get(tag.text) ?? "";
  const targets = targetsByDigest(want, digests);
  const resolved = want.tags.map((tag) => named(tag, targets.get(digestOf(tag)), want));
  const head = resolved.filter((tag) => tag.text === want.recommended);
  const rest = resolved.filter((tag) => tag.text !== want.recommended).sort(compareTags);
  const ordered = [...head, ...rest];
  const [first] = head;
  // A pinned alias can come to the very name and image of what is recommended: that is one choice.
  const isTwice = (tag: Tag) => tag.name === first?.name && digestOf(tag) === digestOf(first);
  const offered = [...head, ...withoutTargets(ordered, rest).filter((tag) => !isTwice(tag))];
  return {
    prepull: onePerDigest(ordered, digestOf, targets, want),
    menu: offered.map((tag) => ({ name: tag.name, tag: tag.text, digest: digestOf(tag) })),
    ...(first ? { recommended: { tag: first.text, digest: digestOf(first) } } : {}),
    notices: [...want.notices, ...cycleNotices(want, ordered, policy)],
  };
}

/**
 * Both steps at once, where every tag's digest is known.
 * @param now milliseconds since the epoch, for `maximumAge`
 * @throws {LecternError} as {@link wanted} and {@link select} do
 */
export function selectFrom(digests: Digests, policy: ImagePolicy, now: number): Selection {
  return select(wanted(digests.keys(), policy, now), digests, policy);
}

/** Whether every moving tag's target is among the digests: nothing more has to be looked up. */
export function targetsFound(want: Wanted, digests: Digests): boolean {
  const targets = targetsByDigest(want, digests);
  return want.moving.every((tag) => targets.has(digests.get(tag.text) ?? ""));
}

/** A problem for each of the tags whose digest is missing or malformed. */
export function digestProblems(texts: Iterable<string>, digests: Digests): Problem[] {
  const problems: Problem[] = [];
  for (const text of texts) {
    const digest = digests.get(text);
    if (digest !== undefined && OCI_DIGEST.test(digest)) continue;
    problems.push({
      code: "malformed-digest",
      severity: "error",
      path: text,
      message:
        digest === undefined
          ? "the digest of this tag is not known"
          : `${JSON.stringify(digest.slice(0, 80))} is not a digest`,
      remedy: "Give sha256: and 64 lower-case hexadecimal digits, as the registry reports it",
    });
  }
  return problems;
}

/** The best tag of each digest that a moving tag has: of every architecture, then by kind, then newest. */
function targetsByDigest(want: Wanted, digests: Digests): Map<string, Tag> {
  const moved = new Set(want.moving.map((tag) => digests.get(tag.text)));
  const best = new Map<string, UnnamedTag>();
  for (const tag of want.candidates) {
    const digest = digests.get(tag.text);
    if (digest === undefined || !moved.has(digest)) continue;
    const known = best.get(digest);
    // They come in the menu's order, so only the architecture is left to tell.
    if (known === undefined || (known.arch !== undefined && tag.arch === undefined)) best.set(digest, tag);
  }
  return new Map(Array.from(best, ([digest, tag]) => [digest, namedWhole(tag)]));
}

/** The grammar's own name of a tag of another form would leave out the end of `2024-01-15`. */
const namedWhole = (tag: UnnamedTag): Tag =>
  tag.kind === "unknown" && tag.arch === undefined ? { ...tag, name: tag.text } : withName(tag);

/** A tag as the menu names it: an alias with its target, and what is recommended as such. */
function named(tag: Tag, target: Tag | undefined, { recommended, isFixed }: Wanted): Tag {
  if (!isFixed(tag)) return target && isMoving(tag) ? resolveAlias(tag, target) : tag;
  // The grammar would take a part of `2024-01-15` for an architecture.
  const whole: Tag = tag.kind === "unknown" ? { ...tag, name: tag.text, arch: undefined } : tag;
  if (tag.text !== recommended) return whole;
  return { ...whole, name: resolveAlias(parseAlias("recommended"), whole).name };
}

function onePerDigest(
  ordered: readonly Tag[],
  digestOf: (tag: Tag) => string,
  targets: ReadonlyMap<string, Tag>,
  { isFixed }: Wanted,
): PrepulledImage[] {
  const byStanding = (a: Tag, b: Tag) => Number(isFixed(b)) - Number(isFixed(a)) || compareTags(a, b);
  const best = new Map<string, Tag>();
  for (const tag of ordered) {
    const digest = digestOf(tag);
    const target = targets.get(digest);
    const choices = [best.get(digest), tag, target?.arch === undefined ? target : undefined];
    const [first] = choices.filter((choice) => choice !== undefined).sort(byStanding);
    if (first !== undefined) best.set(digest, first);
  }
  return [...best].map(([digest, tag]) => ({ tag: tag.text, digest }));
}

/** What of `rest` no alias stands for. */
function withoutTargets(ordered: readonly Tag[], rest: readonly Tag[]): Tag[] {
  const aliased = new Set(ordered.flatMap((tag) => (tag.kind === "alias" ? (tag.target ?? []) : [])));
  return rest.filter((tag) => !aliased.has(tag.text));
}

function cycleNotices(want: Wanted, ordered: readonly Tag[], { cycle }: ImagePolicy): Problem[] {
  if (cycle === undefined) return [];
  return ordered
    .filter((tag) => tag.cycle !== cycle)
    .map((tag) => ({
      code: "other-cycle",
      severity: "warning",
      path: tag.text === want.recommended ? "recommended" : "pin",
      message: `${JSON.stringify(tag.text)} is selected because it is named, but it is not of the cycle ${cycle}`,
      remedy: `Name a tag of the cycle ${cycle}, or ignore this if it is intended`,
    }));
}
