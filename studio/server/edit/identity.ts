import { equal, isObject, type Json } from "../../api/json.ts";

/** The fields that name an item of a list, the first that it has counts. */
const NAMING = ["slug", "display_name", "name", "image"];

/** What an item of a list is called; undefined for one that has no name. */
export function nameOf(item: Json): string | undefined {
  if (!isObject(item)) return isPlain(item) ? JSON.stringify(item) : undefined;
  const field = NAMING.find((key) => typeof item[key] === "string");
  return field === undefined ? undefined : String(item[field]);
}

const isPlain = (item: Json) => item === null || typeof item !== "object";

/** By the index of each item in the one list: the index of the same item in the other. */
export type Matches = ReadonlyMap<number, number>;

/**
 * Finds the items of a list in another version of it: those with the same name, then those that are equal, then, of
 * maps, those that have most fields in common, as one that was given another name has. A copy matches nothing.
 */
export function matchItems(before: readonly Json[], after: readonly Json[]): Matches {
  return match(before, after, [equal, sameName, (one, other) => likeness(one, other) > 0.5]);
}

/** The same of items that two people have added: those with different names are two, however alike they are. */
export function matchAdded(mine: readonly Json[], theirs: readonly Json[]): Matches {
  return match(mine, theirs, [equal, sameName]);
}

type Same = (one: Json, other: Json) => boolean;

const sameName: Same = (one, other) => {
  const name = nameOf(one);
  return name !== undefined && name === nameOf(other);
};

/** @param rules the first that holds of an item takes precedence */
function match(before: readonly Json[], after: readonly Json[], rules: readonly Same[]): Matches {
  const matches = new Map<number, number>();
  const taken = new Set<number>();
  const free = before.map((_, index) => index);
  for (const same of rules) {
    for (const index of free.splice(0)) {
      const item = before[index] as Json;
      const found = after.findIndex((other, at) => !taken.has(at) && same(item, other));
      if (found < 0) free.push(index);
      else {
        matches.set(index, found);
        taken.add(found);
      }
    }
  }
  return matches;
}

/** Which part of the fields of two maps is equal in both. */
function likeness(one: Json, other: Json): number {
  if (!isObject(one) || !isObject(other)) return 0;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const same = [...keys].filter(
    (key) => Object.hasOwn(one, key) && Object.hasOwn(other, key) && equal(one[key], other[key]),
  );
  return same.length / keys.size;
}
