import type { AliasTag, Tag, TagVersion, UnknownTag } from "./tag.ts";

/** What a registry takes as a tag when none is given. */
const DEFAULT_TAG = "latest";
/** No registry keeps a longer tag: one that is longer is unknown, whatever it looks like. */
const LONGEST_TAG = 128;

const SUFFIX = "(?:_c(?<cycle>\\d+)\\.(?<cycleBuild>\\d+))?(?:_rsp(?<rspBuild>\\d+))?(?:_(?<rest>.+?))?";
const ARCH = "(?:-(?<arch>[a-z0-9]+))?$";
const CANDIDATE = new RegExp(`^r(?<major>\\d+)_(?<minor>\\d+)_(?<patch>\\d+)_(?<pre>rc\\d+)${SUFFIX}${ARCH}`);
const RELEASE = new RegExp(`^r(?<major>\\d+)_(?<minor>\\d+)_(?<patch>\\d+)${SUFFIX}${ARCH}`);
const LEGACY_RELEASE = /^r(?<major>\d\d)(?<minor>\d)$/;
const WEEKLY = new RegExp(`^w_(?<year>\\d+)_(?<week>\\d+)${SUFFIX}${ARCH}`);
const DAILY = new RegExp(`^d_(?<year>\\d+)_(?<month>\\d+)_(?<day>\\d+)${SUFFIX}${ARCH}`);
const ANY_WITH_CYCLE = new RegExp(`^(?<base>.*?)_c(?<cycle>\\d+)${ARCH}`);
const ANY = new RegExp(`^(?<base>.*?)${ARCH}`);

type Groups = Readonly<Record<string, string | undefined>>;

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
  const { base, cycleText, ...parts } = anyParts(text);
  const name = decorate(titled(base), { cycle: cycleText, arch: parts.arch });
  return { ...parts, kind: "alias", text, base, name };
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
    kind: "alias",
    text: alias.text,
    base: alias.base,
    name: decorate(`${titled(alias.base)} (${inner})`, { arch }),
    target: target.text,
    ...given({ cycle: target.cycle, arch }),
  };
}

function experimental(text: string): Tag {
  const { kind: _, ...inner } = parseTag(text.slice(4));
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
  const groups = CANDIDATE.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const version = numbers(groups["major"], groups["minor"], groups["patch"], groups["pre"]?.slice(2));
  const title = `Release Candidate r${version?.slice(0, 3).join(".")}-${groups["pre"]}`;
  return version && withParts({ kind: "candidate", text, name: title, version }, groups);
}

function release(text: string): Tag | undefined {
  const groups = RELEASE.exec(text)?.groups ?? LEGACY_RELEASE.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const found = numbers(groups["major"], groups["minor"], groups["patch"] ?? "0");
  if (found === undefined) return undefined;
  const [major, minor, patch] = found;
  const version: TagVersion = [major, minor, patch, Number.POSITIVE_INFINITY];
  return withParts({ kind: "release", text, name: `Release r${major}.${minor}.${patch}`, version }, groups);
}

function weekly(text: string): Tag | undefined {
  const groups = WEEKLY.exec(text)?.groups;
  const version = groups && numbers(groups["year"], groups["week"]);
  if (!groups || !version) return undefined;
  const date = thursdayOf(version[0], version[1]);
  if (date === undefined) return undefined;
  const name = `Weekly ${groups["year"]}_${groups["week"]}`;
  return withParts({ kind: "weekly", text, name, version, date }, groups);
}

function daily(text: string): Tag | undefined {
  const groups = DAILY.exec(text)?.groups;
  const version = groups && numbers(groups["year"], groups["month"], groups["day"]);
  if (!groups || !version) return undefined;
  const date = dayOf(version[0], version[1], version[2]);
  if (date === undefined) return undefined;
  const name = `Daily ${groups["year"]}_${groups["month"]}_${groups["day"]}`;
  return withParts({ kind: "daily", text, name, version, date }, groups);
}

/** Adds what stands behind the base; undefined where one of its numbers is beyond reason. */
function withParts<T extends Tag>(tag: T, groups: Groups): T | undefined {
  const { cycle, cycleBuild, rspBuild, rest, arch } = groups;
  const counts = numbers(cycle ?? "0", cycleBuild ?? "0", rspBuild ?? "0");
  if (counts === undefined) return undefined;
  return {
    ...tag,
    name: decorate(tag.name, { cycle, cycleBuild, rspBuild, rest, arch }),
    ...given({
      cycle: cycle && counts[0],
      cycleBuild: cycleBuild && counts[1],
      rspBuild: rspBuild && counts[2],
      rest,
      arch,
    }),
  };
}

function unknownTag(text: string): UnknownTag {
  const { base, cycleText, ...parts } = anyParts(text);
  return {
    ...parts,
    kind: "unknown",
    text,
    base,
    name: decorate(base, { cycle: cycleText, arch: parts.arch }),
  };
}

function anyParts(text: string): { base: string; cycle?: number; cycleText?: string; arch?: string } {
  if (text.length > LONGEST_TAG) return { base: text };
  const groups = ANY_WITH_CYCLE.exec(text)?.groups ?? ANY.exec(text)?.groups ?? {};
  const cycle = groups["cycle"] === undefined ? undefined : numbers(groups["cycle"])?.[0];
  const base = groups["base"] ?? text;
  return { base, ...given({ cycle, cycleText: groups["cycle"], arch: groups["arch"] }) };
}

/** A menu's name: the cycle, the build, the rest and the architecture behind the title. */
function decorate(title: string, parts: Groups): string {
  const build = parts["cycleBuild"] === undefined ? "" : `, Build ${parts["cycleBuild"]}`;
  return [
    title,
    parts["cycle"] === undefined ? "" : ` (SAL Cycle ${parts["cycle"]}${build})`,
    parts["rspBuild"] === undefined ? "" : ` (RSP Build ${parts["rspBuild"]})`,
    parts["rest"] ? ` [${parts["rest"]}]` : "",
    parts["arch"] ? ` [${parts["arch"]}]` : "",
  ].join("");
}

/** `latest_weekly` → `Latest Weekly`. */
function titled(base: string): string {
  const words = base.replaceAll("_", " ").toLowerCase();
  return words.replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}

/** The texts as numbers, zeros behind them; undefined where one is too great to be counted exactly. */
function numbers(...texts: (string | undefined)[]): [number, number, number, number] | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = texts.map(Number);
  return [a, b, c, d].every(Number.isSafeInteger) ? [a, b, c, d] : undefined;
}

const DAY = 86_400_000;
const isYear = (year: number) => year >= 1 && year <= 9999;

function utc(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC reads the years 0 to 99 as 19xx
  return date;
}

function dayOf(year: number, month: number, day: number): number | undefined {
  const date = utc(year, month, day);
  const exists = isYear(year) && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}

/** A year's ISO week has the Thursday that lies in that year; 4 January is always in week 1. */
function thursdayOf(year: number, week: number): number | undefined {
  if (!isYear(year) || week < 1 || week > 53) return undefined;
  const fourth = utc(year, 1, 4);
  const first = fourth.getTime() + (4 - (fourth.getUTCDay() || 7)) * DAY;
  const thursday = first + (week - 1) * 7 * DAY;
  return new Date(thursday).getUTCFullYear() === year ? thursday : undefined;
}

/** The entries that are there. */
function given<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined | ""> } {
  const there = Object.entries(entries).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(there) as { [K in keyof T]?: Exclude<T[K], undefined | ""> }; // as filtered
}
