import { Document, isMap, isScalar, isSeq, type Node, type ToStringOptions, visit } from "yaml";
import { isObject, type Json } from "../../../api/json.ts";
import { columnOf, isBlock, isBlockScalar, rangeOf } from "./entries.ts";

/** How a document is written, which is how new parts of it are. */
export interface Style {
  /** Spaces by which a map in a map is indented. */
  readonly indent: number;
  /** Whether a list in a map is indented, too. */
  readonly indentSeq: boolean;
}

/** The style of the first parts of a document that show it. */
export function styleOf(text: string, document: Document.Parsed): Style {
  let indent: number | undefined;
  let indentSeq: boolean | undefined;
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !key.range || !isBlock(value) || !value.range) return;
      const deeper = columnOf(text, rangeOf(value as Node)[0]) - columnOf(text, key.range[0]);
      if (isSeq(value)) indentSeq ??= deeper > 0;
      if (isMap(value) && deeper > 0) indent ??= deeper;
    },
  });
  return { indent: indent ?? 2, indentSeq: indentSeq ?? true };
}

const CREATE = { aliasDuplicateObjects: false, compat: "yaml-1.1", keepUndefined: false } as const;

/** Readers of YAML 1.1, such as Helm's, must read the same. Lines are not folded: they would all change with one word. */
function options({ indent, indentSeq }: Style): ToStringOptions {
  return { indent, indentSeq, lineWidth: 0, doubleQuotedMinMultiLineLength: 1e9 };
}

/** A whole document. */
export const freshText = (value: Json, style: Style): string =>
  new Document(value, CREATE).toString(options(style));

/** What follows the colon of a key, or the dash of an item; its further lines are indented relative to the key or dash. */
export function afterMark(value: Json, before: Node, style: Style, isItem: boolean): string {
  const document = new Document(isItem ? [value] : { k: value }, CREATE);
  const node = document.getIn([isItem ? 0 : "k"], true);
  keepQuotes(node, before);
  return document
    .toString(options(style))
    .slice(isItem ? 1 : 2)
    .replace(/\n$/, "");
}

/** A pair or an item of a block collection; its further lines are indented relative to it. */
export const entryText = (value: Json, key: string | undefined, style: Style): string =>
  new Document(key === undefined ? [value] : Object.fromEntries([[key, value]]), CREATE)
    .toString(options(style))
    .replace(/\n$/, "");

/** A value, a pair where there is a key, in one line, as it is written in brackets. */
export function flowText(
  value: Json,
  { key, before, padded }: { key?: string; before?: Node; padded: boolean },
): string {
  const whole = key === undefined ? [value] : Object.fromEntries([[key, value]]);
  const document = new Document(null, CREATE);
  const node = document.createNode(whole, { ...CREATE, flow: true });
  document.contents = node as never;
  if (key === undefined && before) keepQuotes(document.getIn([0], true), before);
  const text = document.toString({
    lineWidth: 0,
    flowCollectionPadding: padded,
    doubleQuotedMinMultiLineLength: 1e9,
  });
  return text.trim().slice(1, -1).trim();
}

/** A text that was quoted stays so. */
function keepQuotes(node: unknown, before: Node): void {
  if (!isScalar(node) || !isScalar(before) || typeof node.value !== "string") return;
  if (typeof before.value !== "string" || before.type === undefined || before.type === "PLAIN") return;
  if (isBlockScalar(before) && !node.value.includes("\n")) return;
  node.type = before.type;
}

/** Whether a value is written as the same kind of collection, with something in it. */
export function isSameKind(node: unknown, value: Json): boolean {
  if (isMap(node)) return isObject(value) && Object.keys(value).length > 0;
  return isSeq(node) && Array.isArray(value) && value.length > 0;
}
