import fc from "fast-check";
import { expect, it } from "vitest";
import { steppingClock } from "../testing/test-context.ts";
import { pollUntil } from "./poll.ts";

const never = new AbortController().signal;

it("asks at once, and returns the first answer", async () => {
  const clock = steppingClock();
  const pace = { first: 10, slowest: 100, limit: 1000 };
  expect(await pollUntil(async () => "there", pace, clock, never)).toBe("there");
  expect(clock.slept).toEqual([]);
});

it("asks for the last time at the limit, with pauses that grow to the slowest and never exceed it", async () => {
  const paces = fc.record({
    first: fc.integer({ min: 1, max: 1000 }),
    slowest: fc.integer({ min: 1, max: 5000 }),
    growth: fc.double({ min: 1, max: 3, noNaN: true }),
    limit: fc.integer({ min: 0, max: 60_000 }),
  });
  await fc.assert(
    fc.asyncProperty(paces, async (pace) => {
      const clock = steppingClock();
      const asked: number[] = [];
      const ask = async (waited: number) => void asked.push(waited);
      expect(await pollUntil(ask, pace, clock, never)).toBeUndefined();
      expect(asked[0]).toBe(0);
      expect(asked.at(-1)).toBeGreaterThanOrEqual(pace.limit);
      expect(Math.max(0, ...clock.slept)).toBeLessThanOrEqual(Math.max(pace.slowest, pace.first));
      expect(asked.length).toBe(clock.slept.length + 1);
    }),
    { numRuns: 100 },
  );
});

it("stops waiting with the signal's reason when it is interrupted", async () => {
  const interrupt = new AbortController();
  const ask = async () => {
    interrupt.abort(new Error("interrupted"));
    return undefined;
  };
  const waiting = pollUntil(ask, { first: 1, slowest: 1, limit: 1000 }, steppingClock(), interrupt.signal);
  await expect(waiting).rejects.toThrow("interrupted");
});
