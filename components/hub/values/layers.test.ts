import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject } from "../../json.ts";
import { lookUp, mergeLayers, type ValuesPath } from "./layers.ts";
import { someValues } from "./testing/some-values.ts";

describe("merged layers", () => {
  it("know which layers have a path: the last decides it", () => {
    const merged = mergeLayers([
      { source: "common.yaml", values: { hub: { a: 1, list: [{ x: 1 }] } } },
      { source: "hub.yaml", values: { hub: { a: null, b: {} } } },
    ]);
    const sources = (path: ValuesPath) => merged.layersOf(path).map(({ source }) => source);
    expect(merged.values).toEqual({ hub: { a: null, list: [{ x: 1 }], b: {} } });
    expect(sources(["hub", "a"])).toEqual(["common.yaml", "hub.yaml"]);
    expect(sources(["hub", "list", 0, "x"])).toEqual(["common.yaml"]);
    expect(sources(["hub", "b"])).toEqual(["hub.yaml"]);
    expect(sources(["hub", "none"])).toEqual([]);
    expect(sources(["hub", "toString"])).toEqual([]);
  });

  it("have every value from the last layer that has its path", () => {
    fc.assert(
      fc.property(fc.array(someValues, { minLength: 1, maxLength: 4 }), (all) => {
        const merged = mergeLayers(all.map((values, index) => ({ source: `${index}`, values })));
        for (const path of leaves(merged.values)) {
          const value = lookUp(merged.values, path);
          expect(lookUp(merged.layersOf(path).at(-1)?.values, path)).toEqual(value);
        }
      }),
    );
  });
});

function leaves(value: unknown, path: ValuesPath = []): ValuesPath[] {
  if (!isObject(value) || Object.keys(value).length === 0) return path.length > 0 ? [path] : [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
