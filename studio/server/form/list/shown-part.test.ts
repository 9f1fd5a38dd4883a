import fc from "fast-check";
import { expect, it } from "vitest";
import { shownPart } from "./shown-part.ts";

const listOf = (length: number) => Array.from({ length }, (_, index) => index);

it("a list of a hundred profiles is shown whole", () => {
  expect(shownPart(listOf(100), 99)).toEqual({ shown: listOf(100) });
});

it("of a thousand profiles, the hundred around one are shown", () => {
  const { shown, part } = shownPart(listOf(1_000), 500);
  expect([shown[0], shown.at(-1), part]).toEqual([450, 549, { from: 451, to: 550, of: 1_000 }]);
});

it("the one that is looked at is among those that are shown, wherever it is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (length, some) => {
      const { shown, part } = shownPart(listOf(length), some % length);
      expect(shown).toContain(some % length);
      expect(shown).toHaveLength(Math.min(100, length));
      if (part) expect([shown[0], shown.at(-1)]).toEqual([part.from - 1, part.to - 1]);
    }),
  );
});
