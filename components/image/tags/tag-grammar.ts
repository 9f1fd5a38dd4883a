import type { AliasTag, Tag, TagVersion, UnknownTag, UnnamedTag } from "./tag.ts";
import { dayOf, thursdayOf } from "./tag-date.ts";
import {
  anyParts,
  CANDIDATE,
  DAILY,
  isCount,
  LEGACY_RELEASE,
  LONGEST_TAG,
  RELEASE,
  type Suffix,
  suffixOf,
  WEEKLY,
} from "./tag-forms.ts";
import { decorate, nameOf, titled } from "./tag-name.ts";

/** What a registry takes as a tag when none is given. */
const DEFAULT_TAG = "latest";

/**
 * What a tag means, by the grammar of the Rubin Science Platform. Total: a string that fits nothing,
 * or that fits but can't be (week 60, 31 February), is an unknown tag. The forms are tried in this
 * order: release candidate, release, the old release `r170`, weekly, daily, experimental, anything
 * with a cycle, anything.
 */
export function parseTag(text: string): Tag {
  return withName(scanTag(text));
}

/** {@link parseTag} without the name, which costs as much as all the rest: for sorting very many. */
export function scanTag(text: string): UnnamedTag {
  if (text === "") return scanTag(DEFAULT_TAG);
  if (text.length > LONGEST_TAG) return unknownTag(text);
  if (isExperimental(text))
    return { ...scanTag(text.slice(EXPERIMENTAL.length)), kind: "experimental", text };
  return scanVersioned(text) ?? unknownTag(text);
}

/** A scanned tag with its name. */
export function withName(tag: UnnamedTag): Tag {
  const inner = tag.kind === "experimental" ? parseTag(tag.text.slice(EXPERIMENTAL.length)).name : undefined;
  return { ...tag, name: nameOf(tag, inner) };
}

/** A tag that a person calls an alias, before its target is known: `Latest Weekly (SAL Cycle 0046)`. */
export function parseAlias(text: string): AliasTag {
  const { base, suffix } = anyParts(text);
  return { kind: "alias", text, base, name: nameOf({ kind: "alias", text }), ...counted(suffix) };
}

/**
 * An alias with the target that it was found to share a digest with, and its name:
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

const EXPERIMENTAL = "exp_";
const isExperimental = (text: string) => text.startsWith(EXPERIMENTAL) && text.length > EXPERIMENTAL.length;

function scanVersioned(text: string): UnnamedTag | undefined {
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

function candidate(text: string): UnnamedTag | undefined {
  const match = CANDIDATE.exec(text);
  if (match === null) return undefined;
  const version = versionOf(match[1], match[2], match[3], match[4]?.slice(2));
  const suffix = suffixOf(match, 5);
  if (version === undefined || suffix === undefined) return undefined;
  return { kind: "candidate", text, version, ...counted(suffix) };
}

function release(text: string): UnnamedTag | undefined {
  const match = RELEASE.exec(text) ?? LEGACY_RELEASE.exec(text);
  if (match === null) return undefined;
  const found = versionOf(match[1], match[2], match[3] ?? "0", "0");
  const suffix = suffixOf(match, 4);
  if (found === undefined || suffix === undefined) return undefined;
  const version: TagVersion = [found[0], found[1], found[2], Number.POSITIVE_INFINITY];
  return { kind: "release", text, version, ...counted(suffix) };
}

function weekly(text: string): UnnamedTag | undefined {
  const match = WEEKLY.exec(text);
  if (match === null) return undefined;
  const version = versionOf(match[1], match[2], "0", "0");
  const date = version && thursdayOf(version[0], version[1]);
  const suffix = suffixOf(match, 3);
  if (version === undefined || date === undefined || suffix === undefined) return undefined;
  return { kind: "weekly", text, version, date, ...counted(suffix) };
}

function daily(text: string): UnnamedTag | undefined {
  const match = DAILY.exec(text);
  if (match === null) return undefined;
  const version = versionOf(match[1], match[2], match[3], "0");
  const date = version && dayOf(version[0], version[1], version[2]);
  const suffix = suffixOf(match, 4);
  if (version === undefined || date === undefined || suffix === undefined) return undefined;
  return { kind: "daily", text, version, date, ...counted(suffix) };
}

function unknownTag(text: string): UnnamedTag {
  const { base, suffix } = anyParts(text);
  return { kind: "unknown", text, base, ...counted(suffix) };
}

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
