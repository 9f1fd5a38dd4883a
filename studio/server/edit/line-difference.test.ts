import fc from "fast-check";
import { expect, it } from "vitest";
import { diffLines } from "./line-difference.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });

it("leads from the one to the other, and takes each line of both once", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const runs = diffLines(before, after);
      const made = runs.flatMap(({ kind, before: b, after: a, count }) => {
        if (kind === "removed") return [];
        return kind === "same" ? before.slice(b, b + count) : after.slice(a, a + count);
      });
      expect(made).toEqual(after);
      const old = runs.flatMap(({ kind, before: b, count }) =>
        kind === "added" ? [] : before.slice(b, b + count),
      );
      expect(old).toEqual(before);
    }),
  );
});

it("finds the shortest way", () => {
  const changes = diffLines([..."abcabba"], [..."cbabac"]).filter(({ kind }) => kind !== "same");
  expect(changes.reduce((sum, { count }) => sum + count, 0)).toBe(5);
});
