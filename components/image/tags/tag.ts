/**
 * The kinds of image tag, in the order in which a menu shows them.
 * The grammar is that of the Rubin Science Platform; see {@link parseTag}.
 */
export const TAG_KINDS = [
  "alias",
  "release",
  "weekly",
  "daily",
  "candidate",
  "experimental",
  "unknown",
] as const;

export type TagKind = (typeof TAG_KINDS)[number];

/** What any tag can carry beside its base: `<base>[_cNNNN.NNN][_rspN][_rest][-arch]`. */
interface TagParts {
  /** The tag as it was written. */
  readonly text: string;
  /** What a menu shows, e.g. `Weekly 2021_22 (RSP Build 19) [arm64]`. */
  readonly name: string;
  /** The SAL cycle, from `_c0045`. */
  readonly cycle: number | undefined;
  readonly cycleBuild: number | undefined;
  /** The build of the platform's own machinery, from `_rsp19`. */
  readonly rspBuild: number | undefined;
  /** Whatever else follows the base. */
  readonly rest: string | undefined;
  /** Set where the tag is of one architecture only. */
  readonly arch: string | undefined;
}

/**
 * Four numbers that order what has a version or a date: major, minor, patch and the candidate's
 * number; year, week; year, month, day. A release is above all of its candidates.
 */
export type TagVersion = readonly [number, number, number, number];

interface Versioned extends TagParts {
  readonly version: TagVersion;
}

interface Dated extends Versioned {
  /** Milliseconds since the epoch; a weekly counts as built on the Thursday of its ISO week. */
  readonly date: number;
}

interface Based extends TagParts {
  /** The tag without its cycle and architecture. */
  readonly base: string;
}

export interface ReleaseTag extends Versioned {
  readonly kind: "release";
}
export interface CandidateTag extends Versioned {
  readonly kind: "candidate";
}
export interface WeeklyTag extends Dated {
  readonly kind: "weekly";
}
export interface DailyTag extends Dated {
  readonly kind: "daily";
}
/** `exp_` and any other tag: it has whatever that other tag has. */
export interface ExperimentalTag extends TagParts {
  readonly kind: "experimental";
  readonly base?: string;
  readonly version?: TagVersion;
  readonly date?: number;
}
/** A tag that a person called an alias, or that was found to share its digest with another. */
export interface AliasTag extends Based {
  readonly kind: "alias";
  /** The tag that it stands for, where that is known. */
  readonly target?: string;
}
export interface UnknownTag extends Based {
  readonly kind: "unknown";
}

/** A parsed tag, with its name. */
export type Tag = AliasTag | ReleaseTag | WeeklyTag | DailyTag | CandidateTag | ExperimentalTag | UnknownTag;

/** A parsed tag without its name, which costs as much as the rest. */
export type UnnamedTag = Tag extends infer Each ? (Each extends Tag ? Omit<Each, "name"> : never) : never;

/** Whether a tag's text fixes what it names: only an alias or an unknown tag may move. */
export function isImmutable(tag: UnnamedTag): boolean {
  return tag.kind !== "alias" && tag.kind !== "unknown";
}

const RANK: Readonly<Record<TagKind, number>> = Object.fromEntries(
  TAG_KINDS.map((kind, rank) => [kind, rank]),
) as Record<TagKind, number>; // fromEntries forgets which keys it was given

/**
 * The order of a menu: negative where `a` is above `b`. Kinds in their order, each newest first;
 * ties by cycle, its build, the platform's build, the rest (none is oldest) and the architecture
 * (none is newest). Only equal texts are equal.
 */
export function compareTags(a: UnnamedTag, b: UnnamedTag): number {
  return RANK[a.kind] - RANK[b.kind] || compareAge(b, a);
}

/** Negative where `a` is older than `b`, both of one kind. */
function compareAge(a: UnnamedTag, b: UnnamedTag): number {
  return (
    compareBase(a, b) ||
    compareNumber(a.cycle, b.cycle) ||
    compareNumber(a.cycleBuild, b.cycleBuild) ||
    compareNumber(a.rspBuild, b.rspBuild) ||
    compareText(a.rest, b.rest) ||
    compareArch(a.arch, b.arch) ||
    compareText(a.text, b.text)
  );
}

function compareBase(a: UnnamedTag, b: UnnamedTag): number {
  const left = "version" in a ? a.version : undefined;
  const right = "version" in b ? b.version : undefined;
  if (left !== undefined && right !== undefined) return compareVersions(left, right);
  return compareText("base" in a ? a.base : undefined, "base" in b ? b.base : undefined);
}

function compareVersions(a: TagVersion, b: TagVersion): number {
  // Not by subtraction: a release's last number is infinite.
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] !== b[1]) return a[1] < b[1] ? -1 : 1;
  if (a[2] !== b[2]) return a[2] < b[2] ? -1 : 1;
  if (a[3] !== b[3]) return a[3] < b[3] ? -1 : 1;
  return 0;
}

function compareNumber(a: number | undefined, b: number | undefined): number {
  return (a ?? -1) - (b ?? -1);
}

function compareText(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return a < b ? -1 : 1;
}

function compareArch(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareText(a, b);
}
