import { expect, it } from "vitest";
import { matrixOutputs } from "./matrix.ts";

const stacks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ stack: `prod-${index}`, parts: [] }));

it("is one line of JSON per environment", () => {
  expect(matrixOutputs({ stacks: { staging: [], prod: stacks(2) } })).toBe(
    'staging=[]\nprod=["prod-0","prod-1"]\n',
  );
});

it("has at most as many jobs as GitHub lets a matrix have", () => {
  expect(matrixOutputs({ stacks: { staging: [], prod: stacks(256) } })).toContain("prod-255");
  expect(() => matrixOutputs({ stacks: { staging: [], prod: stacks(257) } })).toThrow(
    /257 stacks of prod .* at most 256 jobs\. Deploy them in one job with `lectern deploy --environment prod/,
  );
});
