import { Unchangeable } from "./entries.ts";

/** What is before, between or after the items of a collection in brackets. */
export interface Gap {
  /** Comments on the line that it begins on: they are about the item before it, or about the whole. */
  readonly onLine: readonly string[];
  /** Comments on lines of their own: they are about the item after it. */
  readonly above: readonly string[];
  readonly hasComma: boolean;
  /** What its last line is indented by; undefined where it is on one line. */
  readonly indentation: string | undefined;
}

/** Reads what is between items. @throws {Unchangeable} where it has more than comments and commas, such as an anchor */
export function readGap(text: string): Gap {
  const comments = [...text.matchAll(/(?<=^|\s)#.*$/gm)];
  const rest = text.replaceAll(/(?<=^|\s)#.*$/gm, "");
  if (!/^[\s,]*$/.test(rest)) throw new Unchangeable();
  const line = text.indexOf("\n");
  const isOnLine = (index: number) => line < 0 || index < line;
  return {
    onLine: comments.filter(({ index }) => isOnLine(index)).map(([comment]) => comment.trimEnd()),
    above: comments.filter(({ index }) => !isOnLine(index)).map(([comment]) => comment.trimEnd()),
    hasComma: rest.includes(","),
    indentation: /\n([ \t]*)$/.exec(rest)?.[1],
  };
}

export const hasComment = ({ onLine, above }: Gap): boolean => onLine.length + above.length > 0;

/** An item as it is to be written, and where it was. */
export interface LinedItem {
  readonly text: string;
  /** Undefined for a new one. */
  readonly index: number | undefined;
}

/**
 * What is between brackets, one item a line: each has the comments that it had, wherever it is now; those of items that are
 * gone are gone.
 * @param gaps before the first item, between items, after the last one
 */
export function linedItems(items: readonly LinedItem[], gaps: readonly Gap[]): string {
  const indented = gaps.slice(0, -1).find(({ indentation }) => indentation !== undefined)?.indentation;
  const closing = gaps.at(-1)?.indentation;
  const indentation = indented ?? `${closing ?? ""}  `;
  const hasLastComma = gaps.at(-1)?.hasComma === true;
  const lines = items.flatMap(({ text, index }, at): string[] => {
    const comma = at < items.length - 1 || hasLastComma ? "," : "";
    if (index === undefined) return [`${text}${comma}`];
    const about = gaps[index + 1]?.onLine ?? [];
    return [...(gaps[index]?.above ?? []), [`${text}${comma}`, ...about].join(" ")];
  });
  const head = (gaps[0]?.onLine ?? []).map((comment) => ` ${comment}`).join("");
  const all = [...lines, ...(gaps.at(-1)?.above ?? [])].map((line) => `\n${indentation}${line}`);
  return `${head}${all.join("")}\n${closing ?? indentation}`;
}
