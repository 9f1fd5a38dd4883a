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
  const lines: string[] = [];
  let line = "";
  // Each word with the spaces before it, which are kept within a line: they align what is in it.
  for (const [part] of text.matchAll(/ *[^ ]+/g)) {
    if (line.trim() === "" || widthOf(line + part) <= columns) line += part;
    else {
      lines.push(line);
      line = `${" ".repeat(hanging)}${part.trimStart()}`;
    }
  }
  return [...lines, line];
}

/** An argument as a person types it into a shell. */
export const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
