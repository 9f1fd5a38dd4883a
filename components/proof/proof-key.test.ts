import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import { proofKey } from "./proof-key.ts";

const digest = fc.string().map((text) => digestOf(text));
const subject = fc.record({ notebook: digest, image: digest, settings: fc.jsonValue() });

/** The same JSON with its keys the other way around. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

/** As it is read back: without the sign of zero, which JSON has none for. */
const normal = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

it("is the same for the same content, whatever the order of keys", () => {
  fc.assert(
    fc.property(subject, (one) => {
      const other = { settings: reversed(one.settings), image: one.image, notebook: one.notebook };
      expect(proofKey(other)).toBe(proofKey(one));
    }),
  );
});

it("is another where any part is another", () => {
  const parts = ["notebook", "image", "settings"] as const;
  fc.assert(
    fc.property(subject, subject, fc.constantFrom(...parts), (one, other, part) => {
      fc.pre(!isDeepStrictEqual(normal(one[part]), normal(other[part])));
      expect(proofKey({ ...one, [part]: other[part] })).not.toBe(proofKey(one));
    }),
  );
});

it("is another for each setting that differs, and for what is moved from one place to another", () => {
  const base = {
    notebook: digestOf("n"),
    image: digestOf("i"),
    settings: { timeout: 60, files: ["a", "b"] },
  };
  const keys = [
    base,
    { ...base, settings: { timeout: 61, files: ["a", "b"] } },
    { ...base, settings: { timeout: 60, files: ["b", "a"] } },
    { ...base, settings: { timeout: "60", files: ["a", "b"] } },
    { ...base, settings: { timeout: 60, files: ["a"], b: null } },
    { ...base, settings: undefined },
    { ...base, notebook: digestOf("i"), image: digestOf("n") },
  ].map(proofKey);
  expect(new Set(keys).size).toBe(keys.length);
  expect(proofKey({ ...base, settings: { ...base.settings, seed: undefined } })).toBe(keys[0]);
});

it("keeps its value from version to version, so that results of before are found", () => {
  const subject = {
    notebook: digestOf("n"),
    image: digestOf("i"),
    settings: { b: [1, { d: 2, c: 3 }], a: "é" },
  };
  expect(proofKey(subject)).toMatchInlineSnapshot(
    `"098f63ab0c461735fb748b5a6061e9ef14c58cb1745a47972bfb69e927570cbb"`,
  );
});
