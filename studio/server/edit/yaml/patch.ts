import { type Document, isAlias, isMap, isScalar, type Node, visit, type YAMLMap, type YAMLSeq } from "yaml";
import { equal, isObject, type Json, type JsonObject } from "../../../api/json.ts";
import { matchAdded, matchItems } from "../identity.ts";
import {
  type Entry,
  entriesOf,
  isBlock,
  isBlockScalar,
  isEmpty,
  isFlow,
  lineEnd,
  lineStart,
  rangeOf,
  Unchangeable,
} from "./entries.ts";
import { flowWith } from "./flow.ts";
import { type Lines, linesOf, type Piece, written } from "./pieces.ts";
import { afterMark, entryText, freshText, isSameKind, type Style, styleOf } from "./style.ts";

/** A part of a text, and what takes its place. */
interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * What is done with aliases: `keep` leaves them, as they may read as wanted once their anchor does; `compare` writes those out
 * that don't; `expand` all of them.
 */
export type Aliases = "keep" | "compare" | "expand";

/** Writes another value into the text of a document, and leaves the text of what stays the same. */
export class Patch {
  readonly #text: string;
  readonly #document: Document.Parsed;
  readonly #aliases: Aliases;
  readonly #style: Style;

  constructor(text: string, document: Document.Parsed, aliases: Aliases) {
    this.#text = text;
    this.#document = document;
    this.#aliases = aliases;
    this.#style = styleOf(text, document);
  }

  /** @throws {Unchangeable} where it can't be changed in place; what is given may still read as something else */
  with(value: Json): string {
    const node: Node | null = this.#document.contents;
    if (node === null || isEmpty(node)) return withNewline(this.#text) + freshText(value, this.#style);
    const { from, to, text } = this.#root(node, value);
    return this.#text.slice(0, from) + text + this.#text.slice(to);
  }

  #root(node: Node, value: Json): Replacement {
    if (!isSameKind(node, value)) throw new Unchangeable();
    if (isBlock(node)) return this.#block(node, value);
    if (!isFlow(node)) throw new Unchangeable();
    const [from, to] = rangeOf(node as Node);
    return { from, to, text: this.#flow(node, value) };
  }

  #isUnchanged = (node: Node, value: Json): boolean => {
    if (this.#aliases === "keep" && isAlias(node)) return true;
    return equal(this.#jsonOf(node), value) && !(this.#aliases === "expand" && hasAlias(node));
  };

  #jsonOf = (node: Node): Json => node.toJS(this.#document) as Json;

  #block(node: YAMLMap | YAMLSeq, value: Json): Replacement {
    const entries = entriesOf(this.#text, node);
    const [first] = entries;
    if (!first) throw new Unchangeable();
    const lines = linesOf(this.#text, [first, ...entries.slice(1)]);
    const wanted = isMap(node)
      ? pairsOf(entries, value as JsonObject, this.#jsonOf)
      : this.#itemsOf(entries, value as readonly Json[]);
    const { above, below } = stayingAbove(lines, new Set(wanted.map(({ entry }) => entry)), entries);
    const pieces = wanted.map(({ entry, key, value: one }): Piece => {
      if (entry === undefined) {
        return {
          above: "",
          comment: "",
          body: this.#indented(entryText(one, key, this.#style), lines.column),
        };
      }
      const comment = lines.leads[entry]?.comment ?? "";
      const before = entries[entry] as Entry;
      const body = this.#renamed(before, key, this.#entry(before, one, lines));
      return { above: above[entry] ?? "", comment, body };
    });
    return { from: lines.from, to: entries.at(-1)?.end ?? first.end, text: written(pieces, lines, below) };
  }

  #itemsOf(entries: readonly Entry[], values: readonly Json[]): Wanted[] {
    const before = entries.map(({ value }) => this.#jsonOf(value));
    const entryAt = new Map([...matchItems(before, values)].map(([entry, index]) => [index, entry]));
    return values.map((value, index) => ({ entry: entryAt.get(index), value }));
  }

  #entry(entry: Entry, value: Json, lines: Lines): string {
    const { value: node, start, end } = entry;
    const between = (from: number, to: number) => this.#text.slice(from, to);
    if (this.#isUnchanged(node, value)) return between(start, end);
    if (isBlock(node) && node.items.length > 0 && isSameKind(node, value)) {
      const { from, to, text } = this.#block(node, value);
      return between(start, from) + text + between(to, end);
    }
    if (isFlow(node) && node.items.length > 0 && isSameKind(node, value)) {
      const [from, to] = rangeOf(node as Node);
      return between(start, from) + this.#flow(node, value) + between(to, end);
    }
    return this.#replaced(entry, value, lines.column);
  }

  /** The text of a pair with another key. */
  #renamed({ key: before, start, mark }: Entry, key: string | undefined, body: string): string {
    if (key === undefined || key === before) return body;
    const keyText = entryText(null, key, this.#style).replace(/: null$/, "");
    return keyText + body.slice(mark - 1 - start);
  }

  #flow(node: YAMLMap | YAMLSeq, value: Json): string {
    return flowWith({ text: this.#text, isUnchanged: this.#isUnchanged, jsonOf: this.#jsonOf }, node, value);
  }

  /** An item or a pair with a value of another kind. What is commented on its line, and its anchor, stay. */
  #replaced({ key, value: node, start, mark, end }: Entry, value: Json, column: number): string {
    const { comment, anchor, below } = this.#besides(node, mark, end);
    const isItem = key === undefined;
    let text = afterMark(value, node, this.#style, isItem);
    // An anchor before a key on the same line would be the key's.
    const isCompact = isItem && isObject(value) && Object.keys(value).length > 0;
    const isNested = isItem && Array.isArray(value) && value.length > 0;
    if ((isCompact || isNested) && comment + anchor !== "") text = `\n  ${text.trimStart()}`;
    const [line = "", ...more] = text.split("\n");
    const lines = [`${anchor}${line}${comment}`, ...more].join("\n");
    return this.#text.slice(start, mark) + this.#indented(lines, column) + below;
  }

  #besides(node: Node, mark: number, end: number) {
    const [start, valueEnd] = rangeOf(node);
    const isOverLines = isBlock(node) || (isScalar(node) && isBlockScalar(node));
    const head = this.#text.slice(mark, Math.max(mark, start)).replaceAll(/(^|\s)#.*$/gm, "");
    const anchor = /(?:^|\s)(&\S+)/.exec(head)?.[1];
    const from = isOverLines || isEmpty(node) ? mark : valueEnd;
    const isOnMarkLine = isBlock(node) && lineStart(this.#text, start) === lineStart(this.#text, mark);
    const line = isOnMarkLine ? "" : this.#text.slice(from, lineEnd(this.#text, from));
    return {
      anchor: anchor === undefined ? "" : ` ${anchor}`,
      comment: /(^|[ \t])[ \t]*#.*$/.exec(line)?.[0] ?? "",
      below: isOverLines ? "" : this.#text.slice(Math.min(lineEnd(this.#text, from), end), end),
    };
  }

  #indented = (text: string, column: number) => text.replaceAll(/\n(?=[^\n])/g, `\n${" ".repeat(column)}`);
}

/** An item that is wanted, with the number of the one that it was, where there is one. */
interface Wanted {
  readonly entry: number | undefined;
  readonly key?: string;
  readonly value: Json;
}

/** Pairs keep their order; one that is new or has another key follows the one that it follows in the wanted value. */
function pairsOf(entries: readonly Entry[], value: JsonObject, jsonOf: (node: Node) => Json): Wanted[] {
  const pairs = entries.flatMap(({ key = "" }, entry): Wanted[] =>
    Object.hasOwn(value, key) ? [{ entry, key, value: value[key] as Json }] : [],
  );
  const renamed = renamedPairs(entries, value, jsonOf);
  let previous: string | undefined;
  for (const [key, one] of Object.entries(value)) {
    if (!pairs.some((pair) => pair.key === key)) {
      const after = pairs.findIndex((pair) => pair.key === previous && previous !== undefined);
      pairs.splice(after + 1, 0, { entry: renamed.get(key), key, value: one });
    }
    previous = key;
  }
  return pairs;
}

/** Maps that are wanted under another key, by that key: those that are equal or have the same name. */
function renamedPairs(
  entries: readonly Entry[],
  value: JsonObject,
  jsonOf: (node: Node) => Json,
): ReadonlyMap<string, number> {
  const gone = entries.flatMap(({ key = "", value: node, hasPlainKey }, entry) => {
    const before = Object.hasOwn(value, key) || !hasPlainKey ? null : jsonOf(node);
    return isObject(before) ? [{ entry, before }] : [];
  });
  const known = new Set(entries.map(({ key }) => key));
  const added = Object.entries(value).filter(([key, one]) => !known.has(key) && isObject(one));
  const matches = matchAdded(
    gone.map(({ before }) => before),
    added.map(([, one]) => one),
  );
  return new Map(
    [...matches].flatMap(([from, to]) => {
      const [key] = added[to] ?? [];
      const entry = gone[from]?.entry;
      return key === undefined || entry === undefined ? [] : [[key, entry] as const];
    }),
  );
}

/** What stays of the lines above items that go: it comes above the next one, or below the last. */
function stayingAbove(lines: Lines, kept: ReadonlySet<number | undefined>, entries: readonly Entry[]) {
  const above = lines.leads.map((lead) => lead.above);
  let below = "";
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const text = above[index] ?? "";
    if (kept.has(index) || text.trim() === "") continue;
    const next = above.findIndex((_, other) => other > index && kept.has(other));
    if (next < 0) below = text + below;
    else above[next] = text + above[next]?.replace(/^(\s*\n)+/, "");
  }
  return { above, below };
}

function hasAlias(node: Node): boolean {
  let found = isAlias(node);
  visit(node, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

const withNewline = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
