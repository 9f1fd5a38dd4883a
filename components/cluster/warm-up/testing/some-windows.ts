import fc from "fast-check";
import type { Window, Windows } from "../windows.ts";

export const MINUTE = 60_000;
const FIRST = Date.parse("2026-10-05T00:00:00Z");

/** A window of a placeholder, its times in minutes after {@link FIRST}. */
export const someWindow = (
  placeholder: string,
  from: number,
  start: number,
  to: number,
  replicas: number,
): Window => ({
  placeholder,
  event: "algebra-lecture",
  from: at(from),
  start: at(start),
  to: at(to),
  replicas,
});

/** A time so many minutes after the first one, in milliseconds since the epoch. */
export const at = (minutes: number): number => FIRST + minutes * MINUTE;

export const someWindows = (
  windows: readonly Window[],
  idle: Readonly<Record<string, number>> = { python: 0 },
): Windows => ({
  until: at(1_000_000),
  placeholders: Object.fromEntries(
    Object.entries(idle).map(([key, count]) => [
      key,
      { kind: "Deployment" as const, namespace: "jupyterhub", name: `warm-up-${key}`, idle: count },
    ]),
  ),
  windows,
});

/** Windows of two placeholders that may overlap, within two days. */
export const anyWindows: fc.Arbitrary<Windows> = fc
  .array(
    fc.record({
      placeholder: fc.constantFrom("python", "gpu"),
      from: fc.nat(2_000),
      before: fc.integer({ min: 0, max: 180 }),
      after: fc.integer({ min: 0, max: 60 }),
      replicas: fc.integer({ min: 1, max: 500 }),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    someWindows(
      all.map(({ placeholder, from, before, after, replicas }) =>
        someWindow(placeholder, from, from + before, from + before + after, replicas),
      ),
      { python: 0, gpu: 1 },
    ),
  );
