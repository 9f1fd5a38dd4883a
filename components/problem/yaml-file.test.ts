import { expect, it } from "vitest";
import { parseYaml } from "./yaml-file.ts";

it("locates a value, or the value that contains it", () => {
  const { value, locate } = parseYaml("a:\n  - b: 1\n  - c: 2\n", "x.yaml");
  expect(value).toEqual({ a: [{ b: 1 }, { c: 2 }] });
  expect(locate(["a", 1, "c"])).toEqual({ line: 3, column: 8 });
  expect(locate(["a", 1, "missing"])).toEqual({ line: 3, column: 5 });
  expect(locate(["elsewhere"])).toEqual({ line: 1, column: 1 });
});

it.each([
  ["a: [1\n", "malformed-file"],
  ["a: 1\na: 2\n", "malformed-file"],
])("%j is refused with its place", (text, code) => {
  const { value, problems } = parseYaml(text, "x.yaml");
  expect(value).toBeUndefined();
  expect(problems[0]).toMatchObject({ code, file: "x.yaml", line: expect.any(Number) });
});
