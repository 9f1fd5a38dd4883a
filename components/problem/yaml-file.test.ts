import { expect, it } from "vitest";
import { z } from "zod";
import { parseYaml, yamlPlaces } from "./yaml-file.ts";
import { zodProblems } from "./zod.ts";

it("locates a value, or the value that contains it", () => {
  const { value, locate } = parseYaml("a:\n  - b: 1\n  - c: 2\n", "x.yaml");
  expect(value).toEqual({ a: [{ b: 1 }, { c: 2 }] });
  expect(locate(["a", 1, "c"])).toEqual({ line: 3, column: 8 });
  expect(locate(["a", 1, "missing"])).toEqual({ line: 3, column: 5 });
  expect(locate(["elsewhere"])).toEqual({ line: 1, column: 1 });
});

it("locates a key, or the value that would contain it", () => {
  const { locate } = parseYaml("a:\n  - b: 1\n    wrong: [2]\n", "x.yaml");
  expect(locate(["a"], "key")).toEqual({ line: 1, column: 1 });
  expect(locate(["a", 0, "wrong"], "key")).toEqual({ line: 3, column: 5 });
  expect(locate(["a", 0, "missing"], "key")).toEqual({ line: 2, column: 5 });
});

it("shows an unknown key at the key, and a wrong value at the value", () => {
  const { value, locate } = parseYaml("size: large\nsise: 2\n", "x.yaml");
  const { error } = z.strictObject({ size: z.number() }).safeParse(value);
  const places =
    error && zodProblems(error, { locate }).map(({ path, line, column }) => [path, line, column]);
  expect(places).toEqual([
    ["size", 1, 7],
    ["sise", 2, 1],
  ]);
});

it.each([
  ["a: [1\n", "malformed-file"],
  ["a: 1\na: 2\n", "repeated-key"],
])("%j is refused with its place", (text, code) => {
  const { value, problems } = parseYaml(text, "x.yaml");
  expect(value).toBeUndefined();
  expect(problems[0]).toMatchObject({ code, file: "x.yaml", line: expect.any(Number) });
});

it("locates values in the last of several documents that has them", () => {
  const { problems, locate } = yamlPlaces("a: 1\n---\nb: {c: 2}\n---\na: 3\n", "x.yaml");
  expect(problems).toEqual([]);
  expect(locate(["a"])).toEqual({ line: 5, column: 4 });
  expect(locate(["b", "c"])).toEqual({ line: 3, column: 8 });
});

it("reports every problem of several documents", () => {
  const { problems } = yamlPlaces("a: 1\na: 2\n---\nb: [\n", "x.yaml");
  expect(problems.map(({ code, line }) => [code, line])).toEqual([
    ["repeated-key", 2],
    ["malformed-file", 5],
  ]);
});
