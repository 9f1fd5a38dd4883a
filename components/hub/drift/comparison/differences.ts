import { isObject, type JsonObject } from "../../../json.ts";
import { type FieldPath, hasKeys, pathText } from "./field-path.ts";
import { isQuantityAt, sameQuantity } from "./quantities.ts";

/** A field of a manifest that an object does not have, or not with that value. */
export interface Difference {
  readonly kind: "changed" | "removed";
  readonly path: FieldPath;
}

/** What tells the items of the list at a path apart; undefined where it is one value. */
export type MergeKeys = (path: FieldPath) => readonly string[] | "value" | undefined;

/**
 * The fields of a manifest that an object has otherwise. What only the object has is none: the API and its
 * controllers fill in the rest. Neither is another notation of the same, an empty value that the API leaves
 * out, or another order of items that have keys.
 */
export function differences(expected: unknown, actual: unknown, mergeKeys: MergeKeys): Difference[] {
  return compare(expected, actual, [], mergeKeys);
}

function compare(expected: unknown, actual: unknown, path: FieldPath, mergeKeys: MergeKeys): Difference[] {
  if (expected === null || expected === undefined) return [];
  if (actual === undefined || actual === null)
    return isEmpty(expected, path) ? [] : [{ kind: "removed", path }];
  if (isObject(expected))
    return isObject(actual)
      ? Object.entries(expected).flatMap(([key, value]) =>
          compare(value, ownValue(actual, key), [...path, key], mergeKeys),
        )
      : [{ kind: "changed", path }];
  if (Array.isArray(expected))
    return Array.isArray(actual)
      ? compareLists(expected, actual, path, mergeKeys)
      : [{ kind: "changed", path }];
  return sameScalar(expected, actual, path) ? [] : [{ kind: "changed", path }];
}

const ownValue = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);

function compareLists(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: FieldPath,
  mergeKeys: MergeKeys,
): Difference[] {
  const keys = mergeKeys(path) ?? namesOf(expected, actual);
  if (keys === "value") {
    const missing = expected.filter((value) => !actual.includes(value));
    return missing.map((value) => ({ kind: "removed", path: [...path, { value }] }));
  }
  if (keys === undefined)
    return isSameWhole(expected, actual, path, mergeKeys) ? [] : [{ kind: "changed", path }];
  // Where a name is repeated, the last one counts.
  const items = new Map(expected.map((item) => [JSON.stringify(keysOf(item, keys)), item]));
  return [...items.values()].flatMap((item) => {
    const found = matching(item, actual, keys);
    // An item is named by all of its keys, also by those that the manifest leaves to the API.
    const step = { keys: keysOf(found ?? item, keys) };
    return found === undefined
      ? [{ kind: "removed" as const, path: [...path, step] }]
      : compare(item, found, [...path, step], mergeKeys);
  });
}

function isSameWhole(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: FieldPath,
  mergeKeys: MergeKeys,
): boolean {
  return (
    expected.length === actual.length &&
    expected.every((item, index) => compare(item, actual[index], [...path, index], mergeKeys).length === 0)
  );
}

/** The item of an object's list that one of a manifest is about, whose keys the API may have filled in. */
function matching(item: unknown, actual: readonly unknown[], keys: readonly string[]): unknown {
  const found = actual.filter((one) => hasKeys(item, keysOf(one, keys)));
  return found.find((one) => isObject(one) && one["protocol"] === "TCP") ?? found[0];
}

/** Where nobody says what tells items apart: their names, where each has one of its own. */
function namesOf(...lists: readonly (readonly unknown[])[]): readonly string[] | undefined {
  const haveNames = lists.every((list) => {
    const names = list.map((item) => (isObject(item) ? item["name"] : undefined));
    return names.every((name) => typeof name === "string") && new Set(names).size === names.length;
  });
  return haveNames && lists.some((list) => list.length > 0) ? ["name"] : undefined;
}

function keysOf(item: unknown, keys: readonly string[]): JsonObject {
  if (!isObject(item)) return {};
  return Object.fromEntries(keys.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]])));
}

/** What the API leaves out where it is empty; data of ConfigMaps and Secrets it keeps. */
export function isEmpty(value: unknown, path: FieldPath): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.entries(value).every(([key, one]) => isEmpty(one, [...path, key]));
  return !isData(path) && (value === "" || value === 0 || value === false);
}

const isData = ([first, ...rest]: FieldPath) =>
  rest.length > 0 && (first === "data" || first === "binaryData");

function sameScalar(expected: unknown, actual: unknown, path: FieldPath): boolean {
  if (expected === actual) return true;
  if (typeof actual === "object") return false;
  // What is a number to one reader of YAML is a string to another.
  if (typeof expected !== typeof actual && !isData(path)) return String(expected) === String(actual);
  return isQuantityAt(pathText(path)) && sameQuantity(expected, actual);
}
