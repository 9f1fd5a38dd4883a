import { describe, expect, it } from "vitest";
import { LecternError } from "../../../problem/problem.ts";
import { readValuesFile } from "./values-file.ts";

const values = (text: string) => readValuesFile(text, "hub.yaml").values;

describe("a file of values", () => {
  it("means what Helm reads in it", () => {
    expect(values("a: yes\nb: off\nc: 0755\nd: 1_000\ne: 1e3\nf: 0x1F\ng: 089\nh: ~\ni:\n")).toEqual({
      a: true,
      b: false,
      c: 493,
      d: 1000,
      e: 1000,
      f: 31,
      g: 89,
      h: null,
      i: null,
    });
    expect(values("a: 2024-01-01\nb: 1:30\nc: 'yes'\nd: 1.2.3\ne: 0x\nf: 1e999\n")).toEqual({
      a: "2024-01-01",
      b: "1:30",
      c: "yes",
      d: "1.2.3",
      e: "0x",
      f: "1e999",
    });
  });

  it("has keys that are texts, whatever they look like", () => {
    expect(values("8080: a\non: b\nn: c\n")).toEqual({ 8080: "a", true: "b", false: "c" });
  });

  it.each(["", "# nothing\n", "---\n", "{}\n", "~\n"])("that says nothing sets nothing: %j", (text) => {
    expect(values(text)).toEqual({});
  });

  it("may consist of documents, which merge", () => {
    expect(values("a: {x: 1}\n---\na: {z: 2}\n---\n")).toEqual({ a: { x: 1, z: 2 } });
  });

  it("may use anchors and merge keys", () => {
    expect(values("a: &a {x: 1, z: 2}\nb:\n  <<: *a\n  z: 3\n")).toEqual({
      a: { x: 1, z: 2 },
      b: { x: 1, z: 3 },
    });
  });

  it("keeps the place of each value", () => {
    const { locate } = readValuesFile("a:\n  b: 1\n", "hub.yaml");
    expect(locate?.(["a", "b"])).toEqual({ line: 2, column: 6 });
    expect(locate?.(["a", "b"], "key")).toEqual({ line: 2, column: 3 });
  });
});

describe("a faulty file of values is refused with", () => {
  const problems = (text: string) => {
    try {
      values(text);
    } catch (error) {
      if (error instanceof LecternError) return error.problems;
      throw error;
    }
    throw new Error("nothing was refused");
  };

  it("each repeated key", () => {
    expect(problems("a: 1\nb: {c: 1, c: 2}\na: 2\n")).toMatchObject([
      { code: "repeated-key", file: "hub.yaml", line: 2, column: 11 },
      { code: "repeated-key", line: 3, column: 1 },
    ]);
  });

  it.each([
    ["the place of what is no YAML", "a: [1\nb: 2\n", { code: "malformed-file", line: 2 }],
    ["what it is instead of a map", "- a\n- b\n", { code: "wrong-type", message: /must be a map/ }],
    ["a value that Helm has none for", "a:\n  b: .inf\n", { message: /infinite/, line: 2 }],
    ["a key that Helm has none for", "~: 1\n", { message: /null is no key/, line: 1 }],
    ["a tag that Helm does not know", "a: !vault x\n", { code: "malformed-file", line: 1 }],
  ])("%s", (_, text, expected) => {
    const [problem] = problems(text);
    const { message = /./, ...rest } = expected as { message?: RegExp };
    expect(problem).toMatchObject(rest);
    expect(problem?.message).toMatch(message);
  });
});
