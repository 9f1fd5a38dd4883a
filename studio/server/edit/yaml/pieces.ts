import { columnOf, type Entry, lineStart } from "./entries.ts";

/** An item of a block collection as it is written, with what is above it. Each is of whole lines, but for the body. */
export interface Piece {
  /** Blank lines, and comments that are set off by a blank line: they stay where they are. */
  readonly above: string;
  /** The comment directly above it. */
  readonly comment: string;
  readonly body: string;
}

/** The lines of a block collection. */
export interface Lines {
  /** Where its first line begins; its first item where that follows something on its line. */
  readonly from: number;
  /** By item. */
  readonly leads: readonly Omit<Piece, "body">[];
  readonly column: number;
  /** Whether its first item is on a line of its own. */
  readonly isOwnLine: boolean;
  /** Whether a blank line divides its items. */
  readonly isSpaced: boolean;
}

/** @throws where there is no item */
export function linesOf(text: string, entries: readonly [Entry, ...Entry[]]): Lines {
  const [first] = entries;
  const column = columnOf(text, first.start);
  const line = lineStart(text, first.start);
  const isOwnLine = text.slice(line, first.start).trim() === "";
  const comment = isOwnLine ? commentAbove(text, line) : "";
  const others = entries.slice(1).map(({ start }, index) => {
    const end = (entries[index] as Entry).end;
    return leadOf(text.slice(Math.min(end + 1, lineStart(text, start)), lineStart(text, start)));
  });
  const spaced = others.filter(({ above }) => /^\s*\n/.test(above)).length;
  return {
    from: isOwnLine ? line - comment.length : first.start,
    leads: [{ above: "", comment }, ...others],
    column,
    isOwnLine,
    isSpaced: others.length > 0 && spaced * 2 >= others.length,
  };
}

/** The comment directly above a line, unless it is the file's: one at its beginning. */
function commentAbove(text: string, line: number): string {
  let start = line;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!isComment(text.slice(above, start))) break;
    start = above;
  }
  const before = start === 0 ? "" : text.slice(lineStart(text, start - 1), start);
  return start === 0 || before.startsWith("---") ? "" : text.slice(start, line);
}

const isComment = (line: string) => line.trimStart().startsWith("#");

/** Takes what is above an item apart. */
function leadOf(text: string): Omit<Piece, "body"> {
  const lines = text.split(/(?<=\n)/);
  const last = lines.findLastIndex((line) => !isComment(line));
  return { above: lines.slice(0, last + 1).join(""), comment: lines.slice(last + 1).join("") };
}

/** Writes pieces of a block collection one below the other; what a removed last one had above it comes at the end. */
export function written(pieces: readonly Piece[], lines: Lines, below: string): string {
  const indentation = " ".repeat(lines.column);
  const parts = pieces.map(({ above, comment, body }, index) => {
    if (index > 0) return `${above || (lines.isSpaced ? "\n" : "")}${comment}${indentation}${body}\n`;
    const text = `${above.replace(/^(\s*\n)+/, "")}${comment}`;
    if (lines.isOwnLine) return `${text}${indentation}${body}\n`;
    return text === "" ? `${body}\n` : `${text.trimStart()}${indentation}${body}\n`;
  });
  return `${parts.join("")}${below}`.replace(/\n$/, "");
}
