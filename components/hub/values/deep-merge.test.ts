import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../json.ts";
import { deepMerge } from "./deep-merge.ts";

describe("deep merge", () => {
  const json: fc.Arbitrary<JsonObject> = fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.nat(3),
        fc.constant(null),
        fc.array(fc.nat(2), { maxLength: 2 }),
        tie("object"),
      ),
      object: fc.dictionary(fc.constantFrom("a", "b"), tie("value")),
    })).value,
  );

  it("objects merge at every depth, lists and null replace", () => {
    expect(deepMerge({ a: { x: 1, y: [1] }, b: 1 }, { a: { y: [2], z: null } })).toEqual({
      a: { x: 1, y: [2], z: null },
      b: 1,
    });
  });

  it("is associative, and nothing under or over it changes nothing", () => {
    fc.assert(
      fc.property(json, json, json, (a, b, c) => {
        expect(deepMerge(a, {})).toEqual(a);
        expect(deepMerge({}, a)).toEqual(a);
        expect(deepMerge(a, a)).toEqual(a);
        expect(deepMerge(deepMerge(a, b), c)).toEqual(deepMerge(a, b, c));
      }),
    );
  });
});
