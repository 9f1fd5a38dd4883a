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
      if (typeof item !== "string") value[index] = inOrder(item, kept);
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
    const other = typeof item === "string" ? item : inOrder(item, kept);
    if (other !== item) value[key] = other;
  }
  if (sorted) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}
