import type { Clock } from "../../resource/context/clock.ts";

/** What is left of the time for a whole check. */
export interface TimeLimit {
  /** Milliseconds, never below 0. */
  left(): number;
  /** Milliseconds for one call: at most `longest`, and at least 1. */
  forCall(longest: number): number;
}

/** @param milliseconds from now on */
export function timeLimit(clock: Clock, milliseconds: number): TimeLimit {
  const end = clock.now() + milliseconds;
  const left = () => Math.max(0, end - clock.now());
  return { left, forCall: (longest) => Math.max(1, Math.min(longest, left())) };
}
