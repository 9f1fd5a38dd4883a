import type { AliasTag, Tag, TagVersion, UnknownTag } from "./tag.ts";
import { dayOf, thursdayOf } from "./tag-date.ts";

/** What a registry takes as a tag when none is given. */
const DEFAULT_TAG = "latest";
/** No registry keeps a longer tag: one that is longer is unknown, whatever it looks like. */
const LONGEST_TAG = 128;

// Registries hold ten thousands of tags: groups are counted, because named ones cost several times more.
const ARCH = "(?:-([a-z0-9]+))?$";
const SUFFIX = `(?:_c(\\d+)\\.(\\d+))?(?:_rsp(\\d+))?(?:_(.+?))?${ARCH}`;
const CANDIDATE = new RegExp(`^r(\\d+)_(\\d+)_(\\d+)_(rc\\d+)${SUFFIX}`);
const RELEASE = new RegExp(`^r(\\d+)_(\\d+)_(\\d+)${SUFFIX}`);
const LEGACY_RELEASE = /^r(\d\d)(\d)$/;
const WEEKLY = new RegExp(`^w_(\\d+)_(\\d+)${SUFFIX}`);
const DAILY = new RegExp(`^d_(\\d+)_(\\d+)_(\\d+)${SUFFIX}`);
const ANY_WITH_CYCLE = new RegExp(`^(.*?)_c(\\d+)${ARCH}`);
const ANY = new RegExp(`^(.*?)${ARCH}`);

/** What stands behind a base, as it is written. */
interface Suffix {
  readonly cycle?: string | undefined;
  readonly cycleBuild?: string | undefined;
  readonly rspBuild?: string | undefined;
  readonly rest?: string | undefined;
  readonly arch?: string | undefined;
}

/**
 * What a tag says, by the grammar of the Rubin Science Platform. Total: a string that fits nothing,
 * or that fits but can't be (week 60, 31 February), is an unknown tag. The forms are tried in this
 * order: release candidate, release, the old release `r170`, weekly, daily, experimental, anything
 * with a cycle, anything.
 */
export function parseTag(text: string): Tag {
  if (text === "") return parseTag(DEFAULT_TAG);
  if (text.length > LONGEST_TAG) return unknownTag(text);
  if (text.startsWith("exp_") && text.length > 4) return experimental(text);
  return parseVersioned(text) ?? unknownTag(text);
}

/** A tag that a person calls an alias, before its target is known: `Latest Weekly (SAL Cycle 0046)`. */
export function parseAlias(text: string): AliasTag {
  const { base, suffix } = anyParts(text);
  return { kind: "alias", text, base, name: decorate(titled(base), suffix), ...counted(suffix) };
}

/**
 * An alias with the target that it was found to share a digest with, and the name that says so:
 * `Recommended (Weekly 2022_40)`.
 */
export function resolveAlias(alias: AliasTag | UnknownTag, target: Tag): AliasTag {
  const arch = alias.arch ?? target.arch;
  const flat = target.name.replaceAll(" (", ", ").replaceAll(")", "");
  const inner = arch === undefined ? flat : flat.replaceAll(` [${arch}]`, "");
  return {
    ...alias,
    kind: "alias",
    name: decorate(`${titled(alias.base)} (${inner})`, { arch }),
    target: target.text,
    cycle: target.cycle,
    arch,
  };
}

function experimental(text: string): Tag {
  const inner = parseTag(text.slice(4));
  return { ...inner, kind: "experimental", text, name: `Experimental ${inner.name}` };
}

function parseVersioned(text: string): Tag | undefined {
  switch (text.charAt(0)) {
    case "r":
      return candidate(text) ?? release(text);
    case "w":
      return weekly(text);
    case "d":
      return daily(text);
    default:
      return undefined;
  }
}

function candidate(text: string): Tag | undefined {
  const match = CANDIDATE.exec(text);
  if (match === null) return undefined;
  const pre = match[4] ?? "";
  const version = versionOf(match[1], match[2], match[3], pre.slice(2));
  const suffix = suffixOf(match, 5);
  if (version === undefined || suffix === undefined) return undefined;
  const name = decorate(`Release Candidate r${version[0]}.${version[1]}.${version[2]}-${pre}`, suffix);
  return { kind: "candidate", text, name, version, ...counted(suffix) };
}

function release(text: string): Tag | undefined {
  const match = RELEASE.exec(text) ?? LEGACY_RELEASE.exec(text);
  if (match === null) return undefined;
  const found = versionOf(match[1], match[2], match[3] ?? "0", "0");
  const suffix = suffixOf(match, 4);
  if (found === undefined || suffix === undefined) return undefined;
  const version: TagVersion = [found[0], found[1], found[2], Number.POSITIVE_INFINITY];
  const name = decorate(`Release r${version[0]}.${version[1]}.${version[2]}`, suffix);
  return { kind: "release", text, name, version, ...counted(suffix) };
}

function weekly(text: string): Tag | undefined {
  const match = WEEKLY.exec(text);
  if (match === null) return undefined;
  const version = versionOf(match[1], match[2], "0", "0");
  const date = version && thursdayOf(version[0], version[1]);
  const suffix = suffixOf(match, 3);
  if (version === undefined || date === undefined || suffix === undefined) return undefined;
  const name = decorate(`Weekly ${match[1]}_${match[2]}`, suffix);
  return { kind: "weekly", text, name, version, date, ...counted(suffix) };
}

function daily(text: string): Tag | undefined {
  const match = DAILY.exec(text);
  if (match === null) return undefined;
  const version = versionOf(match[1], match[2], match[3], "0");
  const date = version && dayOf(version[0], version[1], version[2]);
  const suffix = suffixOf(match, 4);
  if (version === undefined || date === undefined || suffix === undefined) return undefined;
  const name = decorate(`Daily ${match[1]}_${match[2]}_${match[3]}`, suffix);
  return { kind: "daily", text, name, version, date, ...counted(suffix) };
}

function unknownTag(text: string): UnknownTag {
  const { base, suffix } = anyParts(text);
  return { kind: "unknown", text, base, name: decorate(base, suffix), ...counted(suffix) };
}

function anyParts(text: string): { base: string; suffix: Suffix } {
  if (text.length > LONGEST_TAG) return { base: text, suffix: {} };
  const withCycle = ANY_WITH_CYCLE.exec(text);
  if (withCycle !== null && isCount(withCycle[2])) {
    return { base: withCycle[1] ?? "", suffix: { cycle: withCycle[2], arch: withCycle[3] } };
  }
  const match = ANY.exec(text);
  return { base: match?.[1] ?? text, suffix: { arch: match?.[2] } };
}

/** The five parts from this group on; undefined where a number is too great to be counted exactly. */
function suffixOf(match: RegExpExecArray, from: number): Suffix | undefined {
  const suffix = {
    cycle: match[from],
    cycleBuild: match[from + 1],
    rspBuild: match[from + 2],
    rest: match[from + 3],
    arch: match[from + 4],
  };
  return isCount(suffix.cycle) && isCount(suffix.cycleBuild) && isCount(suffix.rspBuild) ? suffix : undefined;
}

const isCount = (digits: string | undefined) => digits === undefined || digits.length < 16;

const countOf = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));

function counted({ cycle, cycleBuild, rspBuild, rest, arch }: Suffix) {
  return {
    cycle: countOf(cycle),
    cycleBuild: countOf(cycleBuild),
    rspBuild: countOf(rspBuild),
    rest,
    arch,
  };
}

/** The four texts as numbers; undefined where one is too great to be counted exactly. */
function versionOf(a = "", b = "", c = "", d = ""): TagVersion | undefined {
  if (!isCount(a) || !isCount(b) || !isCount(c) || !isCount(d)) return undefined;
  return [Number(a), Number(b), Number(c), Number(d)];
}

/** A menu's name: the cycle, the build, the rest and the architecture behind the title. */
function decorate(title: string, { cycle, cycleBuild, rspBuild, rest, arch }: Suffix): string {
  let name = title;
  if (cycle !== undefined) {
    name += ` (SAL Cycle ${cycle}${cycleBuild === undefined ? "" : `, Build ${cycleBuild}`})`;
  }
  if (rspBuild !== undefined) name += ` (RSP Build ${rspBuild})`;
  if (rest !== undefined) name += ` [${rest}]`;
  if (arch !== undefined) name += ` [${arch}]`;
  return name;
}

/** `latest_weekly` → `Latest Weekly`. */
function titled(base: string): string {
  const words = base.replaceAll("_", " ").toLowerCase();
  return words.replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
