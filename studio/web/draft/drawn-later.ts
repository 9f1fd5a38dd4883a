import type { Json } from "../../api/json.ts";

/*
 * What somebody writes is in its field at once, so that the rest of the page may follow when no key waits. A box that is ticked
 * shows it only once the page is drawn again, so that has to be at once.
 */

const waiting = new WeakSet<object>();
let isWriting = false;

/** Makes changes of drafts that may be drawn later. */
export function drawnLater(change: () => void): void {
  const before = isWriting;
  isWriting = true;
  try {
    change();
  } finally {
    isWriting = before;
  }
}

/** Notes whether a value of a draft is one that may be drawn later. */
export function noteChange(value: Json): void {
  if (isWriting && typeof value === "object" && value !== null) waiting.add(value);
}

/** Whether a value may be drawn later. */
export const mayWait = (value: Json | undefined): boolean =>
  typeof value === "object" && value !== null && waiting.has(value);
