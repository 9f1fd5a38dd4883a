import { describe, expect, it } from "vitest";
import { z } from "zod";
import { didYouMean, nearest } from "./nearest.ts";
import { formatProblem, LecternError } from "./problem.ts";
import { jsonPath, zodProblems } from "./zod.ts";

const PROBLEM = { code: "x", severity: "error", message: "it is wrong", remedy: "Fix it" } as const;

describe("formatProblem", () => {
  it("names the place, the field, what is wrong and what to do", () => {
    const problem = { ...PROBLEM, file: "course.json", line: 3, column: 5, path: "content[0].kernelId" };
    expect(formatProblem(problem)).toBe("course.json:3:5 content[0].kernelId: it is wrong. Fix it.");
  });

  it("leaves out what is not known, and adds no second full stop", () => {
    expect(formatProblem({ ...PROBLEM, remedy: "Which one?" })).toBe("it is wrong. Which one?");
  });

  it("keeps the lines of what another program printed", () => {
    const failed = { ...PROBLEM, message: "it failed:\n  why\n" };
    expect(formatProblem(failed)).toBe("it failed:\n  why\nFix it.");
  });
});

describe("LecternError", () => {
  it("carries every problem and prints one per line", () => {
    const error = new LecternError([PROBLEM, { ...PROBLEM, file: "a.json" }]);
    expect(error.problems).toHaveLength(2);
    expect(error.message.split("\n")).toEqual(["it is wrong. Fix it.", "a.json: it is wrong. Fix it."]);
  });
});

describe("nearest", () => {
  it("puts the nearest name first and leaves out what is far", () => {
    expect(nearest("lifecycleHooks", ["image", "lifecycle_hooks", "tolerations"])).toEqual([
      "lifecycle_hooks",
    ]);
    expect(nearest("Pyhton", ["Haskell", "Python 3", "Python"])).toEqual(["Python", "Python 3"]);
  });

  it("falls back where nothing is near", () => {
    expect(didYouMean("zzzzzz", ["image"], "Remove it")).toBe("Remove it");
  });
});

describe("zodProblems", () => {
  const schema = z.strictObject({ name: z.string(), size: z.number(), kind: z.enum(["a", "b"]) });
  const problems = (value: unknown) =>
    zodProblems(schema.safeParse(value).error ?? new z.ZodError([]), {
      file: "f.yaml",
      known: () => ["name", "size", "kind"],
    });

  it("reports every problem at once, each with its field", () => {
    const found = problems({ nmae: "x", size: "large", kind: "c" });
    expect(found.map(({ path, code }) => [path, code])).toEqual(
      expect.arrayContaining([
        ["name", "missing-field"],
        ["size", "wrong-type"],
        ["kind", "invalid-value"],
        ["nmae", "unknown-key"],
      ]),
    );
    expect(found.find(({ path }) => path === "nmae")?.remedy).toBe('Did you mean "name"?');
  });

  it("writes paths as JavaScript would", () => {
    expect(jsonPath(["content", 1, "kernelId"])).toBe("content[1].kernelId");
    expect(jsonPath(["env", "a b"])).toBe('env["a b"]');
  });
});

describe("zodProblems of keys and unions", () => {
  const found = (schema: z.ZodType, value: unknown) =>
    zodProblems(schema.safeParse(value).error ?? new z.ZodError([]), {}).map(formatProblem);

  it("reports the schema's own message for a key of a record", () => {
    const schema = z.strictObject({
      labels: z.record(z.string().regex(/^\w+$/, "Expected a word"), z.string()),
    });
    expect(found(schema, { labels: { "bad key": "y" } })).toEqual([
      'labels["bad key"]: expected a word. Correct the value.',
    ]);
  });

  const image = z.union([z.string().min(1), z.strictObject({ image: z.string(), size: z.number() })]);
  const list = z.array(image);
  const images = z.strictObject({ images: z.union([z.string().min(1), list.min(1)]) });

  it("reports the message of the union's branch for the value's type, with the whole path", () => {
    expect(found(images, { images: ["a", { image: 1, sise: 2 }] })).toEqual([
      "images[1].image: expected string, received number. Write it as a string.",
      "images[1].size: required. Add it as a number.",
      'images[1].sise: unknown key "sise". Remove it.',
    ]);
    expect(found(images, { images: "" })[0]).toMatch(/^images: must not be empty/);
    expect(found(images, { images: [] })[0]).toMatch(/^images: must not be empty/);
  });

  it.each<[z.ZodType, unknown, string]>([
    [z.record(z.string(), z.string()), 1, "a: expected map, received number. Write it as a map."],
    [z.array(z.string()), {}, "a: expected list, received map. Write it as a list."],
    [z.int(), 1.5, "a: expected integer, received number. Write it as an integer."],
    [z.union([z.string(), z.array(z.string())]), 1, "a: expected string or list. Correct the value."],
    [z.string().min(3), "x", "a: must have at least 3 characters. Correct the value."],
    [z.number().min(5), 1, "a: must be at least 5. Correct the value."],
    [z.record(z.string(), z.string()), undefined, "a: required. Add it as a map."],
  ])("uses the words of YAML and JSON, case %#", (schema, value, message) => {
    expect(found(z.object({ a: schema }), { a: value })).toEqual([message]);
  });

  it("finds the branch also where another one is a list of words", () => {
    const mode = z.union([z.enum(["on", "off"]), z.strictObject({ after: z.number() })]);
    expect(found(mode, { after: "x" })[0]).toMatch(/^after: expected number/);
  });

  it("names no branch where none or several are of the value's type", () => {
    expect(found(images, { images: 1 })).toEqual(["images: expected string or list. Correct the value."]);
    const shape = z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]);
    expect(found(shape, { c: "x" })).toEqual(["invalid input. Correct the value."]);
  });
});
