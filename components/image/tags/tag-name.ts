import type { UnnamedTag } from "./tag.ts";
import {
  anyParts,
  CANDIDATE,
  DAILY,
  LEGACY_RELEASE,
  RELEASE,
  type Suffix,
  suffixOf,
  WEEKLY,
} from "./tag-forms.ts";

/** What a menu shows for a tag, e.g. `Weekly 2021_22 (RSP Build 19) [arm64]`. */
export function nameOf({ kind, text }: Pick<UnnamedTag, "kind" | "text">, inner?: string): string {
  switch (kind) {
    case "candidate":
      return named(CANDIDATE.exec(text), 5, (part) => `Release Candidate ${release(part)}-${part(4)}`);
    case "release":
      return named(RELEASE.exec(text) ?? LEGACY_RELEASE.exec(text), 4, (part) => `Release ${release(part)}`);
    case "weekly":
      return named(WEEKLY.exec(text), 3, (part) => `Weekly ${part(1)}_${part(2)}`);
    case "daily":
      return named(DAILY.exec(text), 4, (part) => `Daily ${part(1)}_${part(2)}_${part(3)}`);
    case "experimental":
      return `Experimental ${inner ?? text}`;
    case "alias":
      return aliasName(text);
    default: {
      const { base, suffix } = anyParts(text);
      return decorate(base, suffix);
    }
  }
}

type Part = (group: number) => string;

function named(match: RegExpExecArray | null, suffixFrom: number, title: (part: Part) => string): string {
  if (match === null) return "";
  return decorate(
    title((group) => match[group] ?? ""),
    suffixOf(match, suffixFrom) ?? {},
  );
}

const release = (part: Part) => `r${[part(1), part(2), part(3)].map(Number).join(".")}`;

function aliasName(text: string): string {
  const { base, suffix } = anyParts(text);
  return decorate(titled(base), suffix);
}

/** A menu's name: the cycle, the build, the rest and the architecture behind the title. */
export function decorate(title: string, { cycle, cycleBuild, rspBuild, rest, arch }: Suffix): string {
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
export function titled(base: string): string {
  const words = base.replaceAll("_", " ").toLowerCase();
  return words.replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
