import { byNumbers } from "../../../../../components/hub/profiles/key-order.ts";
import type { JsonObject } from "../../../../api/json.ts";

/** Keys in the order in which users see what they name. */
export const shownKeys = (object: JsonObject): string[] => Object.keys(object).sort(byNumbers);

/** Begins the keys that moving gives, such as `ab-16g`. */
const PREFIX = /^[amz][a-z]-(?=.)/;

/** What stays of keys while what they name is moved: the same number of different texts. */
export function bareKeys(keys: readonly string[]): readonly string[] {
  const bare = keys.map((key) => key.replace(PREFIX, ""));
  return new Set(bare).size === bare.length ? bare : keys;
}

/**
 * An object whose keys are in the order that is wanted. Users see options and choices in the order of their keys alone, so
 * keys change where they have to; moving something back gives it the key back that it had.
 * @param wanted all keys, in the order that is wanted
 * @param fixed keys that stay as they are, each with the letter that the keys after it begin with
 * @returns undefined where no keys give this order
 */
export function withOrder(
  object: JsonObject,
  wanted: readonly string[],
  fixed: ReadonlyMap<string, string> = new Map(),
): JsonObject | undefined {
  const bare = bareKeys(wanted);
  const keys = [wanted, bare, prefixed(bare, fixed)].find(
    (some) => isOrdered(some) && wanted.every((key, index) => !fixed.has(key) || some[index] === key),
  );
  if (keys === undefined) return undefined;
  return Object.fromEntries(keys.map((key, index) => [key, object[wanted[index] ?? ""] ?? null]));
}

const isOrdered = (keys: readonly string[]) =>
  keys.every((key, index) => index === 0 || byNumbers(keys[index - 1] ?? "", key) < 0);

function prefixed(keys: readonly string[], fixed: ReadonlyMap<string, string>): string[] {
  let [section, count] = ["a", 0];
  return keys.map((key) => {
    const next = fixed.get(key);
    if (next !== undefined) {
      [section, count] = [next, 0];
      return key;
    }
    const letter = String.fromCharCode("a".charCodeAt(0) + Math.min(count, 25));
    count += 1;
    return `${section}${letter}-${key}`;
  });
}

/** Keys with one of them a place earlier or later; undefined where there is no such place. */
export function movedKey(keys: readonly string[], key: string, by: -1 | 1): string[] | undefined {
  const at = keys.indexOf(key);
  const other = keys[at + by];
  if (at < 0 || other === undefined) return undefined;
  return keys.map((one) => (one === key ? other : one === other ? key : one));
}
