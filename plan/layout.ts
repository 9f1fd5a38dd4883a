import { stripVTControlCharacters } from "node:util";

/** How many columns a terminal has; a file or a pipe has as many as a line needs. */
export type Columns = number;

/** The columns of a stream: those of its terminal, else without a limit. */
export function columnsOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): Columns {
  return stream.isTTY === true && stream.columns !== undefined && stream.columns > 0
    ? stream.columns
    : Number.POSITIVE_INFINITY;
}

/** How many columns a text takes, without its colours. */
export const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/**
 * Breaks a text between its words, so that no line is wider than `columns`. A word that is wider, such as
 * a URL, has a line of its own and is never broken: terminals then still open it.
 * @param hanging how many columns later lines are indented
 */
export function wrapped(text: string, columns: Columns, hanging = 0): string[] {
  return text.split("\n").flatMap((line) => wrappedLine(line, columns, hanging));
}

function wrappedLine(text: string, columns: Columns, hanging: number): string[] {
  if (widthOf(text) <= columns) return [text];
  const [, indent = "", rest = ""] = /^(\s*)(.*)$/s.exec(text) ?? [];
  const lines: string[] = [];
  let line = indent;
  for (const word of rest.split(/ +/)) {
    const isFirst = line.trim() === "";
    const longer = isFirst ? `${line}${word}` : `${line} ${word}`;
    if (isFirst || widthOf(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = `${" ".repeat(hanging)}${word}`;
    }
  }
  return [...lines, line];
}
