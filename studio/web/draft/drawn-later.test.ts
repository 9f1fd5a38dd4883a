import { expect, it } from "vitest";
import { drawnLater, mayWait, noteChange } from "./drawn-later.ts";

it("what is written may be drawn later, and what is chosen may not", () => {
  const [written, chosen, loaded] = [{ name: "A" }, { name: "B" }, { name: "C" }];
  drawnLater(() => noteChange(written));
  noteChange(chosen);
  expect([written, chosen, loaded, null, undefined].map(mayWait)).toEqual([true, false, false, false, false]);
});

it("a change that fails leaves the next one to be drawn at once", () => {
  expect(() =>
    drawnLater(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  const chosen = {};
  noteChange(chosen);
  expect(mayWait(chosen)).toBe(false);
});
