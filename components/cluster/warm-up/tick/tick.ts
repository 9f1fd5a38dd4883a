import { LecternError, type Problem } from "../../../problem/problem.ts";
import { instantText, type Placeholder, type Windows } from "../windows.ts";
import { nextWindow, placeholdersAt } from "./placeholders-at.ts";

/** What a tick does to a cluster. */
export interface Scaler {
  /** How many replicas a placeholder is to have. @throws {LecternError} where the API refuses or does not answer */
  replicas(placeholder: Placeholder): Promise<number>;
  /** @throws {LecternError} where the API refuses or does not answer */
  scale(placeholder: Placeholder, replicas: number): Promise<void>;
}

export interface TickOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether it only says what it would do. @default false */
  readonly dryRun?: boolean;
}

export interface TickResult {
  /** What was done, one line for people. */
  readonly line: string;
  /** What went wrong; what could be done is done all the same. */
  readonly problems: readonly Problem[];
}

/** Brings every placeholder to the number that the windows want now; what is right already is left alone. */
export async function tick(windows: Windows, scaler: Scaler, options: TickOptions): Promise<TickResult> {
  const { now, dryRun = false } = options;
  const problems: Problem[] = [];
  const scaled: string[] = [];
  for (const [key, wanted] of placeholdersAt(windows, now)) {
    const placeholder = windows.placeholders[key];
    if (!placeholder) continue;
    try {
      const actual = await scaler.replicas(placeholder);
      if (actual === wanted) continue;
      if (!dryRun) await scaler.scale(placeholder, wanted);
      scaled.push(`${key} ${actual} → ${wanted}`);
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (now >= windows.until) problems.push(ended(windows));
  return { line: `${instantText(now)} ${whatWasDone(scaled, problems, windows, options)}`, problems };
}

function whatWasDone(
  scaled: readonly string[],
  problems: readonly Problem[],
  windows: Windows,
  { now, dryRun = false }: TickOptions,
): string {
  if (scaled.length > 0) return `${dryRun ? "would scale" : "scaled"} ${scaled.join(", ")}`;
  if (problems.length > 0) return "scaled nothing";
  const next = nextWindow(windows, now);
  const then = next
    ? `the next event is ${next.event}, from ${instantText(next.from)}`
    : "no event is known after this";
  return `nothing to scale; ${then}`;
}

const ended = ({ until }: Windows): Problem => ({
  code: "calendar-ended",
  severity: "error",
  message: `the calendar was expanded until ${instantText(until)}, and no event after that is known here`,
  remedy: "Deploy again, which expands it further",
});
