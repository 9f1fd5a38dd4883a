import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** A place in a text, both 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A step into JSON: a key or an index. */
export type JsonPath = readonly (string | number)[];

/** Line and column of an offset in a text; columns count UTF-16 units as editors do. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The line of the text around an offset, trimmed and shortened for people. */
export function snippetAt(text: string, offset: number, width = 100): string {
  const from = Math.max(text.lastIndexOf("\n", offset - 1) + 1, offset - 4 * width);
  const newline = text.indexOf("\n", offset);
  const line = text.slice(from, Math.min(newline < 0 ? text.length : newline, offset + 4 * width));
  const start = Math.max(0, Math.min(offset - from - 20, line.length - width));
  const cut = line.length <= width ? line : line.slice(start, start + width);
  const clean = cut.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return `${cut === line || start === 0 ? "" : "…"}${clean}${start + width < line.length ? "…" : ""}`;
}

/** A JSON text whose values keep their places and their spelling. */
export interface JsonText {
  readonly text: string;
  /** The text as people may see it: of the same length, secrets masked. */
  readonly shown: string;
  readonly root: Node | undefined;
  /** The first thing that isn't JSON, if any. */
  readonly fault?: { readonly offset: number; readonly reason: string };
}

/** Nobody writes more objects and lists inside each other, and readers that recurse would run out of stack. */
const DEEPEST = 500;

/** Parses strictly: no comments, no trailing commas, one value, no nesting that no reader survives. */
export function parseJsonText(text: string, shown = text): JsonText {
  const tooDeep = offsetBelow(text, DEEPEST);
  if (tooDeep !== undefined) {
    const reason = `more than ${DEEPEST} objects or lists inside each other`;
    return { text, shown, root: undefined, fault: { offset: tooDeep, reason } };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first) return { text, shown, root, fault: { offset: first.offset, reason: reasonOf(first) } };
  try {
    JSON.parse(text);
    return { text, shown, root };
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    return { text, shown, root, fault: { offset: Number(position ?? 0), reason: "unexpected character" } };
  }
}

/** Where a text opens more objects and lists inside each other than a number; undefined where it never does. */
function offsetBelow(text: string, depth: number): number | undefined {
  let open = 0;
  // A string is passed over whole, as far as it goes.
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[[\]{}]/g)) {
    if (token === "[" || token === "{") open += 1;
    else if (token === "]" || token === "}") open -= 1;
    if (open > depth) return index;
  }
  return undefined;
}

function reasonOf(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}

/** The node at a path; `undefined` where there is none. */
export function nodeAt(json: JsonText, path: JsonPath): Node | undefined {
  return json.root && findNodeAtLocation(json.root, [...path]);
}

/** Where the key of a property is; `undefined` where there is none. */
export function placeOfKey(json: JsonText, path: JsonPath): Place | undefined {
  const property = nodeAt(json, path)?.parent;
  const key = property?.type === "property" ? property.children?.[0] : undefined;
  return key && placeAt(json.text, key.offset);
}

/** Where a path is; where it isn't there, the nearest value that would hold it. */
export function placeOf(json: JsonText, path: JsonPath): Place | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? json.root : nodeAt(json, path.slice(0, length));
    if (node) return placeAt(json.text, node.offset);
  }
  return undefined;
}
