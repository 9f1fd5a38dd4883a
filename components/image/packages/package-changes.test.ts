import fc from "fast-check";
import { expect, it } from "vitest";
import { changesBetween, changeText } from "./package-changes.ts";

it("says what is added, removed and of another version", () => {
  const before = new Map([
    ["nose", "1.3.7"],
    ["numpy", "1.26.4"],
    ["scipy", "1.16.3"],
  ]);
  const after = new Map([
    ["numpy", "2.3.5"],
    ["polars", "1.35.2"],
    ["scipy", "1.16.3"],
  ]);
  expect(changesBetween(before, after).map(changeText)).toEqual([
    "nose 1.3.7 removed",
    "numpy 1.26.4 → 2.3.5",
    "polars 1.35.2 added",
  ]);
});

it("gives the one of the other, whatever they have", () => {
  const packages = fc
    .array(fc.tuple(fc.string(), fc.string()), { maxLength: 8 })
    .map((entries) => new Map(entries));
  fc.assert(
    fc.property(packages, packages, (before, after) => {
      const made = new Map(before);
      for (const change of changesBetween(before, after)) {
        expect(made.get(change.name)).toBe(change.before);
        if (change.after === undefined) made.delete(change.name);
        else made.set(change.name, change.after);
      }
      expect(new Map([...made].sort())).toEqual(new Map([...after].sort()));
    }),
  );
});
