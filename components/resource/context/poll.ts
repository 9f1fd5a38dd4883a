import type { Clock } from "./clock.ts";

/** How often to ask, and for how long: all in milliseconds. */
export interface Pace {
  /** The pause after the first question. */
  readonly first: number;
  /** The longest pause. */
  readonly slowest: number;
  /** By how much each pause is longer than the one before. @default 1.5 */
  readonly growth?: number;
  /** When to stop: the last question is asked at the limit. */
  readonly limit: number;
}

/**
 * Asks at once, then after pauses that grow, until there is an answer other than undefined.
 * @param ask is told how many milliseconds have passed
 * @returns undefined where the limit passed without an answer
 * @throws the signal's reason where it is aborted while it waits
 */
export async function pollUntil<T>(
  ask: (waited: number) => Promise<T | undefined>,
  { first, slowest, growth = 1.5, limit }: Pace,
  clock: Clock,
  signal: AbortSignal,
): Promise<T | undefined> {
  const begun = clock.now();
  for (let pause = first; ; pause = Math.min(pause * growth, Math.max(slowest, first))) {
    const waited = clock.now() - begun;
    const answer = await ask(waited);
    if (answer !== undefined) return answer;
    const left = limit - (clock.now() - begun);
    if (left <= 0) return undefined;
    await clock.sleep(Math.min(pause, Math.max(left, 1)), signal);
  }
}
