import { isMap, isScalar, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { isObject, type Json } from "../../../api/json.ts";
import { matchItems } from "../identity.ts";
import { isEmpty, isFlow, keyText, rangeOf, Unchangeable } from "./entries.ts";
import { hasComment, linedItems, readGap } from "./flow-lines.ts";
import { flowText, isSameKind } from "./style.ts";

/** An item or a pair in brackets. */
interface FlowItem {
  readonly key?: string;
  readonly value: Node;
  readonly start: number;
  readonly end: number;
}

/** What is asked of a document that a value in brackets is of. */
export interface FlowSource {
  readonly text: string;
  readonly isUnchanged: (node: Node, value: Json) => boolean;
  readonly jsonOf: (node: Node) => Json;
}

/** A collection in brackets with another value. One that has anchors, or items without a value, is rewritten as a whole. */
export function flowWith(source: FlowSource, node: YAMLMap | YAMLSeq, value: Json): string {
  try {
    return changedFlow(source, node, value);
  } catch (error) {
    if (!(error instanceof Unchangeable)) throw error;
    const [start, end] = rangeOf(node as Node);
    return flowText(value, { padded: /^[[{] /.test(source.text.slice(start, end)) });
  }
}

/** @throws {Unchangeable} */
function changedFlow(source: FlowSource, node: YAMLMap | YAMLSeq, value: Json): string {
  const [start, end] = rangeOf(node as Node);
  const items = itemsOf(node);
  const whole = source.text.slice(start, end);
  const padded = /^[[{] /.test(whole);
  const wanted = wantedOf(source, items, value);
  const isSame = wanted.length === items.length && wanted.every(({ item }, index) => item === items[index]);
  const texts = wanted.map(({ item, key, value: one }) =>
    item
      ? itemText(source, item, one, padded)
      : flowText(one, { ...(key === undefined ? {} : { key }), padded }),
  );
  const [first, second] = items;
  const last = items.at(-1);
  if (!first || !last) throw new Unchangeable();
  const between = (from: number, to: number) => source.text.slice(from, to);
  if (isSame) {
    const gaps = items.map((item, index) => between(item.end, items[index + 1]?.start ?? end));
    return between(start, first.start) + texts.map((text, index) => text + gaps[index]).join("");
  }
  const ends = [...items.map((item) => item.start), end - 1];
  const gaps = ends.map((to, index) => readGap(between(items[index - 1]?.end ?? start + 1, to)));
  if (gaps.some(hasComment)) {
    const lined = texts.map((text, at) => ({ text, index: indexIn(items, wanted[at]?.item) }));
    return `${source.text[start]}${linedItems(lined, gaps)}${source.text[end - 1]}`;
  }
  const joint = second ? between(first.end, second.start) : ", ";
  return between(start, first.start) + texts.join(joint) + between(last.end, end);
}

function indexIn(items: readonly FlowItem[], item: FlowItem | undefined): number | undefined {
  return item === undefined ? undefined : items.indexOf(item);
}

function itemsOf(node: YAMLMap | YAMLSeq): FlowItem[] {
  return node.items.map((item): FlowItem => {
    if (!isMap(node)) {
      const [start, end] = rangeOf(item as Node);
      return { value: item as Node, start, end };
    }
    const { key, value } = item as { readonly key: unknown; readonly value: Node | null };
    if (!isScalar(key) || !key.range || !value || isEmpty(value)) throw new Unchangeable();
    return { key: keyText(key), value, start: key.range[0], end: rangeOf(value)[1] };
  });
}

interface Wanted {
  readonly item?: FlowItem;
  readonly key?: string;
  readonly value: Json;
}

function wantedOf({ jsonOf }: FlowSource, items: readonly FlowItem[], value: Json): Wanted[] {
  if (isObject(value)) {
    const kept = items.filter(({ key = "" }) => Object.hasOwn(value, key));
    const known = new Set(kept.map(({ key }) => key));
    return [
      ...kept.map((item) => ({ item, value: value[item.key ?? ""] as Json })),
      ...Object.entries(value).flatMap(([key, one]) => (known.has(key) ? [] : [{ key, value: one }])),
    ];
  }
  const list = value as readonly Json[];
  const matches = matchItems(
    items.map((item) => jsonOf(item.value)),
    list,
  );
  const itemAt = new Map([...matches].map(([before, after]) => [after, items[before]]));
  return list.map((one, index) => {
    const item = itemAt.get(index);
    return { ...(item ? { item } : {}), value: one };
  });
}

function itemText(source: FlowSource, item: FlowItem, value: Json, padded: boolean): string {
  const { text, isUnchanged } = source;
  if (isUnchanged(item.value, value)) return text.slice(item.start, item.end);
  const [start] = rangeOf(item.value);
  const isInside = isFlow(item.value) && item.value.items.length > 0 && isSameKind(item.value, value);
  const inner = isInside
    ? flowWith(source, item.value as YAMLMap, value)
    : flowText(value, { before: item.value, padded });
  return text.slice(item.start, start) + inner;
}
