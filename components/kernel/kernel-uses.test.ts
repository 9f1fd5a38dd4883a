import { expect, it } from "vitest";
import { testContext } from "../resource/testing/test-context.ts";
import { declareKernel, declareNamed, isNeeded } from "./kernel-uses.ts";

it("uses the last state if no program ran", () => {
  expect(isNeeded(testContext(), "Quantum", ["bell"])).toBe(true);
  expect(isNeeded(testContext(), "Quantum", [])).toBe(false);
});

it("allows removing a kernel after the last article that named it, as a destroy deletes them", () => {
  const destroy = testContext();
  destroy.noteDeleted("course/bell");
  expect(isNeeded(destroy, "Quantum", ["course/bell", "blog/news"])).toBe(true);
  destroy.noteDeleted("blog/news");
  expect(isNeeded(destroy, "Quantum", ["course/bell", "blog/news"])).toBe(false);
});

it("uses what the courses name if a program ran", () => {
  const up = testContext();
  declareNamed(up, ["Quantum"]);
  expect(isNeeded(up, "Quantum", [])).toBe(true);
  expect(isNeeded(up, "Classical", ["was-used"])).toBe(false);
});

it("adds up what several gateways declare, and forgets it in the next run", () => {
  const up = testContext();
  declareNamed(up, ["Quantum"]);
  declareNamed(up, ["Classical"]);
  expect([isNeeded(up, "Quantum", []), isNeeded(up, "Classical", [])]).toEqual([true, true]);
  expect(isNeeded(testContext(), "Quantum", [])).toBe(false);
});

it("allows removing a kernel whose display name another one took over", () => {
  const rename = testContext();
  declareNamed(rename, ["Quantum"]);
  declareKernel(rename, "Quantum");
  expect(isNeeded(rename, "Quantum", ["bell"])).toBe(false);
});
