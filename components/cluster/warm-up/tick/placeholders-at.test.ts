import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyWindows, at, MINUTE, someWindow, someWindows } from "../testing/some-windows.ts";
import { nextWindow, placeholdersAt } from "./placeholders-at.ts";

const LECTURE = someWindows([someWindow("python", 30, 60, 70, 300)]);
const python = (windows: typeof LECTURE, minutes: number) =>
  placeholdersAt(windows, at(minutes)).get("python");

describe("the placeholders at a time", () => {
  it.each([
    [29, 0],
    [30, 300],
    [59, 300],
    [60, 300],
    [65, 150],
    [69, 30],
    [70, 0],
    [1000, 0],
  ])("minute %i of a lecture that is warmed up from 30 to 60: %i", (minutes, replicas) => {
    expect(python(LECTURE, minutes)).toBe(replicas);
  });

  it("are those of all events that are near, and those that are there anyway", () => {
    const both = someWindows([...LECTURE.windows, someWindow("python", 50, 80, 90, 40)], { python: 2 });
    expect([0, 55, 65, 75, 90].map((minutes) => python(both, minutes))).toEqual([2, 342, 192, 42, 2]);
  });

  it("are gone at once where an event has no time to fall in", () => {
    expect(python(someWindows([someWindow("python", 30, 60, 60, 300)]), 60)).toBe(0);
  });

  it("are all there from the beginning of each window to its event, and none outside of all windows", () => {
    fc.assert(
      fc.property(anyWindows, fc.nat(2_400), (windows, minutes) => {
        const now = at(minutes);
        const actual = placeholdersAt(windows, now);
        for (const [key, { idle }] of Object.entries(windows.placeholders)) {
          const own = windows.windows.filter(({ placeholder }) => placeholder === key);
          const due = own.filter(({ from, start }) => from <= now && now < start);
          const open = own.filter(({ from, to }) => from <= now && now < to);
          const sum = (some: typeof own) => some.reduce((all, { replicas }) => all + replicas, idle);
          expect(actual.get(key)).toBeGreaterThanOrEqual(sum(due));
          expect(actual.get(key)).toBeLessThanOrEqual(sum(open));
        }
      }),
    );
  });

  it("only become fewer between the beginning of an event and the end of its window", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 60 }), (replicas, after) => {
        const windows = someWindows([someWindow("python", 0, 30, 30 + after, replicas)]);
        const counts = Array.from({ length: after + 1 }, (_, minute) => python(windows, 30 + minute) ?? -1);
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
        expect([counts[0], counts.at(-1)]).toEqual([replicas, 0]);
      }),
    );
  });
});

it("the next event is the one whose window opens first", () => {
  const windows = someWindows([someWindow("python", 90, 100, 110, 1), ...LECTURE.windows]);
  expect(nextWindow(windows, at(0))?.from).toBe(at(30));
  expect(nextWindow(windows, at(0) + 30 * MINUTE)?.from).toBe(at(90));
  expect(nextWindow(windows, at(200))).toBeUndefined();
});
