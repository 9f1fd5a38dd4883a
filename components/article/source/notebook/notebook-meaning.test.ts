import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import { meaningOf } from "./notebook-meaning.ts";

/** As the states of every release hold it: JSON without spaces, with the keys of each object in order. */
function canonical(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, canonical(item)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const key = fc.oneof(
  fc.constantFrom("cells", "id", "cell_type", "metadata", "__proto__", "10", "9", "-1", "", "é", "\u{1d538}"),
  fc.string({ maxLength: 4 }),
);

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("any"), { maxLength: 6 }),
  object: fc
    .array(fc.tuple(key, tie("any")), { maxLength: 24 })
    .map(
      (entries) =>
        `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item)}`).join(",")}}`,
    )
    .map((text): unknown => JSON.parse(text)),
})).any;

describe("the digest of what a notebook means", () => {
  it("is that of its JSON with the keys in order, which deployed states hold", () => {
    let copied = 0;
    fc.assert(
      fc.property(value, (one) => {
        const text = JSON.stringify(one);
        const expected = JSON.stringify(canonical(JSON.parse(text)));
        const digest = meaningOf(JSON.parse(text));
        if (digest !== undefined) expect(digest).toBe(digestOf(expected));
        if (digest !== undefined && expected !== text) copied += 1;
      }),
      { numRuns: 3000 },
    );
    expect(copied).toBeGreaterThan(200);
  });

  it("is of one notebook the one that version 0.2 wrote", () => {
    const text = `{ "nbformat": 4, "cells": [{ "source": ["a\\n", "\\u00e9"], "id": "x", "__proto__": 1 }] }`;
    expect(meaningOf(JSON.parse(text))).toBe(
      digestOf('{"cells":[{"__proto__":1,"id":"x","source":["a\\n","é"]}],"nbformat":4}'),
    );
  });
});
