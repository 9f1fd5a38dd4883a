import { expect, it } from "vitest";
import { someResult } from "../testing/some-result.ts";
import { failureOf, failureText } from "./failure-text.ts";
import type { ProofResult } from "./proof-result.ts";

const IMAGE = `registry.test/lab@sha256:${"b".repeat(64)}`;
const failed = (more: Partial<ProofResult>): ProofResult => ({
  ...someResult("one", IMAGE),
  outcome: "failed",
  ...more,
});
const textOf = (results: readonly ProofResult[]) => {
  const failure = failureOf(results, IMAGE);
  return failure && failureText(failure);
};
const cell = { index: 3, source: "execute()" };

it.each<[string, Partial<ProofResult>, string]>([
  [
    "an exception",
    { cell, traceback: "…\nNameError: name 'execute' is not defined\n" },
    " fails at cell 4 (NameError: name 'execute' is not defined)",
  ],
  ["one without a text", { cell, traceback: "…\nAssertionError:" }, " fails at cell 4 (AssertionError)"],
  [
    "what took too long",
    { cell, reason: "the cell did not end within 3 s", traceback: "KeyboardInterrupt" },
    " fails at cell 4 (the cell did not end within 3 s; KeyboardInterrupt)",
  ],
  [
    "a kernel without a cell",
    { reason: "the kernel can't be prepared: no space" },
    " fails (the kernel can't be prepared: no space)",
  ],
])("says of %s where and why", (_, more, text) => {
  const said = textOf([failed(more)]);
  expect(said).toContain(`courses/qaoa lectures/one.ipynb${text} on registry.test/lab@sha256:bbbb`);
});

it("names the first notebook, and counts the others", () => {
  const others = (count: number) => Array.from({ length: count }, () => failed({ cell }));
  expect(textOf([failed({ cell }), ...others(1)])).toMatch(/; 1 more fails$/);
  expect(textOf([failed({ cell }), ...others(2)])).toMatch(/; 2 more fail$/);
  expect(textOf([])).toBeUndefined();
});

it("ends with what changed with the image, where that is known", () => {
  const failure = { ...{ course: "course/a", notebook: "b.ipynb", error: "", others: 0 }, image: IMAGE };
  const changes = ["numpy 1 → 2", "scipy 1 added", "nose 1 removed", "attrs 1 → 2", "cffi 1 → 2"];
  expect(failureText({ ...failure, changes: changes.slice(0, 1) })).toMatch(
    /; changed with the image: numpy 1 → 2$/,
  );
  expect(failureText({ ...failure, changes })).toMatch(/, nose 1 removed and 2 more$/);
});
