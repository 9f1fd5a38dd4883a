import {
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

/** An item of a collection that is written over lines of its own, or a pair of a map. Offsets are into the text. */
export interface Entry {
  /** Of a pair. */
  readonly key?: string;
  /** Whether the key has nothing before it, such as an anchor. */
  readonly hasPlainKey?: boolean;
  readonly value: Node;
  /** Of the key, or the dash. */
  readonly start: number;
  /** After the colon, or the dash. */
  readonly mark: number;
  /** At the end of its last line, with what is commented there. */
  readonly end: number;
}

/** A document has something that can't be changed in place. */
export class Unchangeable extends Error {}

/** Where the items of a block collection are. @throws {Unchangeable} */
export function entriesOf(text: string, node: YAMLMap | YAMLSeq): Entry[] {
  const token = node.srcToken;
  if (token?.type !== "block-map" && token?.type !== "block-seq") throw new Unchangeable();
  const written = token.items.filter((item) => item.key || item.sep || item.value || dashOf(item));
  if (written.length !== node.items.length) throw new Unchangeable();
  return written.map((item, index) => entryOf(text, item, node.items[index]));
}

type Item = CST.BlockMap["items"][number] | CST.BlockSequence["items"][number];

const dashOf = (item: Item) => item.start.find(({ type }) => type === "seq-item-ind");

function entryOf(text: string, item: Item, node: unknown): Entry {
  const dash = dashOf(item);
  if (dash && isValue(node)) return withEnd(text, { value: node, start: dash.offset, mark: dash.offset + 1 });
  const { key, value } = node as { readonly key: unknown; readonly value: unknown };
  const colon = item.sep?.find(({ type }) => type === "map-value-ind");
  const first = item.start.find(({ type }) => PREFIX.has(type)) ?? item.key;
  if (!isScalar(key) || !colon || !first || !isValue(value)) throw new Unchangeable();
  const place = { value, start: first.offset, mark: colon.offset + 1 };
  const hasPlainKey = item.key !== undefined && first === item.key && colon.offset > first.offset;
  return { key: keyText(key), hasPlainKey, ...withEnd(text, place) };
}

const PREFIX = new Set<string>(["explicit-key-ind", "anchor", "tag"]);

const isValue = (node: unknown): node is Node =>
  isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);

/** As `toJS` gives it. */
export const keyText = ({ value }: Scalar): string => (value === null ? "" : String(value));

function withEnd(text: string, entry: Omit<Entry, "end">): Entry {
  const column = columnOf(text, entry.start);
  return { ...entry, end: withDeeperComments(text, endOf(text, entry), column) };
}

function endOf(text: string, { value, mark }: Omit<Entry, "end">): number {
  if (isBlock(value) && value.items.length > 0) return entriesOf(text, value).at(-1)?.end ?? mark;
  if (isEmpty(value)) return lineEnd(text, mark);
  const [start, end] = rangeOf(value);
  return isScalar(value) && isBlockScalar(value) ? blockScalarEnd(text, start, end) : lineEnd(text, end);
}

/** The line breaks after a block scalar are no part of it, unless it says so. */
function blockScalarEnd(text: string, start: number, end: number): number {
  const header = text.slice(start, lineEnd(text, start));
  const keeps = /^[|>]\d?\+/.test(header);
  let last = end;
  if (keeps) return text[last - 1] === "\n" ? last - 1 : last;
  while (text[last - 1] === "\n") last -= 1;
  return last;
}

/** Comments below an item that are indented more than it are about it. */
function withDeeperComments(text: string, from: number, column: number): number {
  let end = from;
  for (let at = from; at < text.length; ) {
    const next = lineEnd(text, at + 1);
    const line = text.slice(at + 1, next);
    const indentation = /^ *(?=#)/.exec(line)?.[0].length;
    if (indentation === undefined && line.trim() !== "") break;
    if (indentation !== undefined && indentation <= column) break;
    if (indentation !== undefined) end = next;
    at = next;
  }
  return end;
}

export const isBlock = (node: unknown): node is YAMLMap | YAMLSeq =>
  (isMap(node) || isSeq(node)) && node.flow !== true;
export const isFlow = (node: unknown): node is YAMLMap | YAMLSeq =>
  (isMap(node) || isSeq(node)) && node.flow === true;
export const isBlockScalar = ({ type }: Scalar) => type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED";

/** Whether nothing is written for a value, which is null then. */
export const isEmpty = (node: Node): boolean => {
  const [start, end] = rangeOf(node);
  return start === end && isScalar(node);
};

/** Where a value begins and ends. */
export function rangeOf(node: Node): readonly [number, number] {
  if (!node.range) throw new Unchangeable();
  return [node.range[0], node.range[1]];
}

export const lineStart = (text: string, offset: number) =>
  offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
export const columnOf = (text: string, offset: number) => offset - lineStart(text, offset);
