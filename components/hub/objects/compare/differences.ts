import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../../json.ts";
import type { Change } from "../hub-changes.ts";
import type { FieldPath } from "./field-path.ts";

/** A field that differs: a leaf of a map, a whole list of scalars, or a whole item of a list of maps. */
export interface Difference {
  readonly path: FieldPath;
  readonly change: Change;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The list has the same items in another order. */
  readonly reordered?: true;
}

/**
 * The fields in which two JSON values differ; none where they are equal whatever the order of their keys.
 * A list of maps is compared item by item: by the field that names its items where there is one, else by
 * content, so that an item that is added at the front changes no other.
 */
export function differences(before: unknown, after: unknown, path: FieldPath = []): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isObject(before) && isObject(after)) return ofMaps(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path);
  if (before === undefined) return leaves(after, path).map((leaf) => ({ ...leaf, change: "added" }));
  if (after === undefined) {
    return leaves(before, path).map(({ path, after }) => ({ path, change: "removed", before: after }));
  }
  return [{ path, change: "changed", before, after }];
}

function ofMaps(before: JsonObject, after: JsonObject, path: FieldPath): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const own = (map: JsonObject, key: string) => (Object.hasOwn(map, key) ? map[key] : undefined);
  return keys.flatMap((key) => differences(own(before, key), own(after, key), [...path, key]));
}

/** A list is a leaf, so that a list that is added is named once. */
function leaves(value: unknown, path: FieldPath): { path: FieldPath; after: unknown }[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [{ path, after: value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function ofLists(before: readonly unknown[], after: readonly unknown[], path: FieldPath): Difference[] {
  if (![...before, ...after].every(isObject)) return [{ path, change: "changed", before, after }];
  // Narrowed by `every`, which the compiler does not see through the spread.
  const [old, now] = [before as readonly JsonObject[], after as readonly JsonObject[]];
  const key = MERGE_KEYS.find((key) => names(old, key) && names(now, key));
  return key === undefined ? byContent(old, now, path) : byKey(old, now, key, path);
}

/** The fields that name an item: of mounts, devices, what has a name, profiles, ports, and what has a key. */
const MERGE_KEYS = [
  "mountPath",
  "devicePath",
  "name",
  "slug",
  "display_name",
  "containerPort",
  "port",
  "key",
];

/** Whether the field tells the items of a list apart. */
function names(items: readonly JsonObject[], key: string): boolean {
  const values = items.map((item) => item[key]);
  return (
    values.every((value) => typeof value === "string" || typeof value === "number") &&
    new Set(values.map(String)).size === values.length
  );
}

function byKey(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  key: string,
  path: FieldPath,
): Difference[] {
  const byName = (items: readonly JsonObject[]) => new Map(items.map((item) => [String(item[key]), item]));
  const [old, now] = [byName(before), byName(after)];
  const inItem = (name: string): FieldPath => [...path, { item: name }];
  const removed = [...old]
    .filter(([name]) => !now.has(name))
    .map(([name, item]): Difference => ({ path: inItem(name), change: "removed", before: item }));
  const others = [...now].flatMap(([name, item]): Difference[] => {
    const known = old.get(name);
    if (known === undefined) return [{ path: inItem(name), change: "added", after: item }];
    return differences(known, item, inItem(name));
  });
  const kept = [...old.keys()].filter((name) => now.has(name));
  const isReordered = !isDeepStrictEqual(
    kept,
    [...now.keys()].filter((name) => old.has(name)),
  );
  return [...removed, ...others, ...(isReordered ? [reordered(path)] : [])];
}

const reordered = (path: FieldPath): Difference => ({ path, change: "changed", reordered: true });

/** Equal items are the same item; the others are compared in their order, and named by their index. */
function byContent(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  path: FieldPath,
): Difference[] {
  const old = before.map((item, index) => ({ item, index }));
  const now = after.flatMap((item, index) => {
    const same = old.findIndex((other) => isDeepStrictEqual(other.item, item));
    if (same === -1) return [{ item, index }];
    old.splice(same, 1);
    return [];
  });
  if (old.length === 0 && now.length === 0) return [reordered(path)];
  const inItem = (index: number): FieldPath => [...path, { item: index }];
  const paired = now.flatMap(({ item, index }, position): Difference[] => {
    const known = old[position];
    if (known === undefined) return [{ path: inItem(index), change: "added", after: item }];
    return differences(known.item, item, inItem(index));
  });
  const removed = old
    .slice(now.length)
    .map(({ item, index }): Difference => ({ path: inItem(index), change: "removed", before: item }));
  return [...paired, ...removed];
}
