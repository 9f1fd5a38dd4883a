import { matches, type Pattern, parsePattern } from "./owner-pattern.ts";

/** A line of CODEOWNERS that gives files to owners, or to nobody. */
interface OwnerLine {
  /** 1-based. */
  readonly line: number;
  readonly pattern: Pattern;
  /** `@login`, `@organization/team` or an email address. */
  readonly owners: readonly string[];
}

export interface CodeOwners {
  /** From the repository's root. */
  readonly file: string;
  readonly lines: readonly OwnerLine[];
  /** 1-based; GitHub skips these lines, so what they were meant to give or to take is unknown. */
  readonly malformed: readonly number[];
}

/** Where GitHub looks for the file: the first one that exists counts. */
export const CODEOWNERS_PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

const OWNER = /^(@[a-z\d](-?[a-z\d])*(\/[\w.-]+)?|[^@\s]+@[^@\s]+\.[^@\s]+)$/i;

/** A CODEOWNERS file as GitHub reads it. */
export function parseCodeOwners(text: string, file: string): CodeOwners {
  const lines: OwnerLine[] = [];
  const malformed: number[] = [];
  text.split(/\r?\n/).forEach((written, index) => {
    const [patternText, ...owners] = wordsOf(written);
    if (patternText === undefined) return;
    const pattern = parsePattern(patternText);
    if (pattern === undefined || !owners.every((owner) => OWNER.test(owner))) malformed.push(index + 1);
    else lines.push({ line: index + 1, pattern, owners });
  });
  return { file, lines, malformed };
}

/** The last line that matches a file, which is the one that counts; it may have no owner. */
export const lineFor = ({ lines }: CodeOwners, path: string): OwnerLine | undefined =>
  lines.findLast(({ pattern }) => matches(pattern, path));

/** The words before a comment; a space after a backslash belongs to its word. */
function wordsOf(line: string): string[] {
  const words = line.trim().match(/(?:\\.|[^\s\\])+|\\$/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith("#"));
  return comment < 0 ? words : words.slice(0, comment);
}
