import type { Window, Windows } from "../windows.ts";

/**
 * How many of each placeholder there are to be at a time, by its key: those of all windows that are open, and those
 * that are there anyway. It depends on nothing else, so it doesn't matter which ticks came before, or how often.
 * @param now milliseconds since the epoch
 */
export function placeholdersAt({ placeholders, windows }: Windows, now: number): Map<string, number> {
  const wanted = new Map(Object.entries(placeholders).map(([key, { idle }]) => [key, idle]));
  for (const window of windows) {
    const replicas = replicasIn(window, now);
    if (replicas > 0) wanted.set(window.placeholder, (wanted.get(window.placeholder) ?? 0) + replicas);
  }
  return wanted;
}

/**
 * All of them until the event begins. Then people take their room one after the other: a placeholder that had to
 * leave its node would ask for another one, so their number falls evenly.
 */
function replicasIn({ from, start, to, replicas }: Window, now: number): number {
  if (now < from || now >= to) return 0;
  return now < start ? replicas : Math.ceil((replicas * (to - now)) / (to - start));
}

/** The window that opens next; undefined where none does. */
export function nextWindow({ windows }: Windows, now: number): Window | undefined {
  let next: Window | undefined;
  for (const window of windows)
    if (window.from > now && (next === undefined || window.from < next.from)) next = window;
  return next;
}
