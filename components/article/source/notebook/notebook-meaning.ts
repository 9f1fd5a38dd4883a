import { digestOf } from "../digest.ts";
import type { Digest } from "../types.ts";

/**
 * The digest of what a notebook means, whichever tool wrote it: without its indentation, the order of keys and the
 * way characters are escaped. Undefined where it has an integer that JavaScript can't hold, so that another
 * one would read the same. The notebook itself is put in order.
 */
export function meaningOf(notebook: unknown): Digest | undefined {
  const kept = { isExact: true };
  const value = inOrder(notebook, kept);
  return kept.isExact ? digestOf(JSON.stringify(value)) : undefined;
}

/** The value itself where every object has its keys in order already, as Jupyter writes them: nothing is copied. */
function inOrder(value: unknown, kept: { isExact: boolean }): unknown {
  if (typeof value === "number" && !isExact(value)) kept.isExact = false;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    // Most items are lines of text: a loop that makes nothing for each of them takes a third of the time.
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (typeof item === "string") continue;
      const other = inOrder(item, kept);
      if (other !== item) value[index] = other;
    }
    return value;
  }
  return keysInOrder(value as Record<string, unknown>, kept);
}

function keysInOrder(value: Record<string, unknown>, kept: { isExact: boolean }): unknown {
  let previous = "";
  let sorted = true;
  // What JSON.parse makes has no keys but its own, and asking for a list of them takes longer.
  for (const key in value) {
    sorted &&= previous <= key;
    previous = key;
    const item = value[key];
    if (typeof item === "string") continue;
    const other = inOrder(item, kept);
    if (other !== item) value[key] = other;
  }
  return sorted ? value : copyInOrder(value);
}

function copyInOrder(value: Record<string, unknown>): unknown {
  const keys = sortKeys(Object.keys(value));
  // A key that an assignment would take for something else.
  if (keys.includes("__proto__")) return Object.fromEntries(keys.map((key) => [key, value[key]]));
  const copy: Record<string, unknown> = {};
  for (const key of keys) copy[key] = value[key];
  return copy;
}

/** By UTF-16 units, in place. Most objects have a handful of keys, which need no function to compare them. */
function sortKeys(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    let at = index - 1;
    for (; at >= 0 && (keys[at] ?? "") > key; at -= 1) keys[at + 1] = keys[at] ?? "";
    keys[at + 1] = key;
  }
  return keys;
}

function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}
