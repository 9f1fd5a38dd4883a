import { describe, expect, it, test } from "vitest";
import { inHelmOrder, plain } from "./helm-order.ts";

const keysOf = (value: unknown) => [...(value as ReadonlyMap<string, unknown>).keys()];
const object = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, 1]));

describe("the order in which Helm writes keys", () => {
  // As `helm template` 4 printed them for these keys.
  const AS_YAML = [
    "_x",
    "1",
    "1-",
    "1a",
    "8",
    "8g",
    "08",
    "9",
    "10",
    "16g",
    "64g",
    "B",
    "a",
    "a-b",
    "a.b",
    "a9",
    "a10",
    "ab",
  ];
  const AS_JSON = [
    "08",
    "1",
    "1-",
    "10",
    "16g",
    "1a",
    "64g",
    "8",
    "8g",
    "9",
    "B",
    "_x",
    "a",
    "a-b",
    "a.b",
    "a10",
    "a9",
    "ab",
  ];

  it("is that of the numbers in them where a chart writes YAML", () => {
    expect(keysOf(inHelmOrder(object([...AS_YAML].reverse()), "yaml"))).toEqual(AS_YAML);
  });

  it("is that of the characters where a chart writes JSON", () => {
    expect(keysOf(inHelmOrder(object([...AS_YAML].reverse()), "json"))).toEqual(AS_JSON);
  });

  it("holds at every depth, and leaves lists as they are", () => {
    const ordered = inHelmOrder([{ b: [{ d: 1, c: null }], a: true }], "yaml");
    expect(JSON.stringify(plain(ordered))).toBe('[{"a":true,"b":[{"c":null,"d":1}]}]');
  });
});

test("what is undefined is not written", () => {
  expect(keysOf(inHelmOrder({ a: undefined, b: 1 }, "json"))).toEqual(["b"]);
});
