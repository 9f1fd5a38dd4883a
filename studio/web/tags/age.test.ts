import fc from "fast-check";
import { expect, it, test } from "vitest";
import { ageOf } from "./age.ts";

const NOW = Date.UTC(2026, 2, 31);
const DAY = 86_400_000;

test.each([
  [90_000, "1 minute ago"],
  [5 * 3_600_000, "5 hours ago"],
  [13 * DAY, "13 days ago"],
  [14 * DAY, "2 weeks ago"],
  [59 * DAY, "8 weeks ago"],
  [60 * DAY, "2 months ago"],
  [364 * DAY, "12 months ago"],
  [800 * DAY, "2 years ago"],
])("an image that was made %d milliseconds ago is as old as people say: %s", (passed, age) => {
  expect(ageOf(NOW - passed, NOW)).toBe(age);
});

it("nothing comes from the future, whatever the clock of a builder says", () => {
  fc.assert(
    fc.property(fc.integer({ min: -DAY, max: 5_000 * DAY }), (passed) => {
      expect(ageOf(NOW - passed, NOW)).toMatch(/^\d+ (minute|hour|day|week|month|year)s? ago$/);
    }),
  );
});
