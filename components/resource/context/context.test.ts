import { expect, it } from "vitest";
import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { testContext } from "../testing/test-context.ts";

it("makes a thing once per run, and forgets a promise that rejects", async () => {
  const context = testContext();
  expect(context.once("list", () => [1])).toBe(context.once("list", () => [2]));
  const failing = context.once("answer", async () => {
    throw new Error("no answer");
  });
  await expect(failing).rejects.toThrow("no answer");
  await expect(context.once("answer", async () => 42)).resolves.toBe(42);
  await expect(context.once("answer", async () => 43)).resolves.toBe(42);
});

it("keeps what one run made from the next", () => {
  const key = "guard";
  expect(testContext().once(key, () => "first")).toBe("first");
  expect(testContext().once(key, () => "second")).toBe("second");
});

it("reads a slice of the configuration as its schemas say, with defaults", () => {
  const slice = {
    name: z.string().min(1),
    limit: z.number().positive().default(60),
    rules: z.strictObject({ images: z.enum(["error", "warning"]).optional() }).default({}),
    flag: z.boolean().optional(),
  };
  const context = testContext({ name: "12", rules: '{"images":"warning"}', flag: "true" });
  expect(context.config(slice)).toEqual({
    name: "12",
    limit: 60,
    rules: { images: "warning" },
    flag: true,
  });
});

it("names the key of a value that is not of its kind", () => {
  const context = testContext({ limit: "soon" });
  const read = () => context.config({ limit: z.number() });
  expect(read).toThrow(LecternError);
  expect(read).toThrow("lectern:limit");
});

it("knows which resources this run has deleted", () => {
  const context = testContext();
  context.noteDeleted("course/bell");
  expect([context.wasDeleted("course/bell"), context.wasDeleted("course/other")]).toEqual([true, false]);
});
