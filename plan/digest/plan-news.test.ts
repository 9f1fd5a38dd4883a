import { expect, it } from "vitest";
import type { BoundPlan } from "./plan-digest.ts";
import { newsOf } from "./plan-news.ts";

const step = (op: string, name: string, changed: Record<string, string> = {}) => ({
  op,
  urn: `urn:pulumi:prod::lectern::lectern:kernel:Kernel$pulumi-nodejs:dynamic/lectern:Kernelspec::${name}`,
  changed,
});

it("names what is new, what is gone and what changes otherwise", () => {
  const approved: BoundPlan = [step("update", "a", { image: "1", env: "1" }), step("delete", "b")];
  const now: BoundPlan = [
    step("update", "a", { image: "2", env: "1" }),
    step("create", "c", { inputs: "1" }),
  ];
  expect(newsOf(now, approved)).toEqual([
    "another change of image: update Kernelspec a",
    "new: create Kernelspec c",
    "no longer planned: delete Kernelspec b",
  ]);
  expect(newsOf(approved, approved)).toEqual([]);
});

it("names every step where only the digest of what was approved is known, but not thousands", () => {
  expect(newsOf([step("update", "a", { image: "1" })])).toEqual([
    "the plan has now: update Kernelspec a (image)",
  ]);
  const many = Array.from({ length: 30 }, (_, index) => step("create", String(index)));
  expect(newsOf(many)).toHaveLength(21);
});
