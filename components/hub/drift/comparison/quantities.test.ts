import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuantityAt, sameQuantity } from "./quantities.ts";

describe("quantities", () => {
  it.each([
    ["1000m", "1"],
    ["1000m", 1],
    ["0.5", "500m"],
    ["1Gi", "1024Mi"],
    ["1e3", "1k"],
    ["12E6", "12M"],
    ["100M", "100000k"],
    ["-1", "-1000m"],
    ["0", "0m"],
    ["1.5Gi", "1536Mi"],
  ])("%s is %s", (one, other) => {
    expect(sameQuantity(one, other)).toBe(true);
  });

  it.each([
    ["1", "1k"],
    ["1Gi", "1G"],
    ["1", "x"],
    ["x", "x"],
    ["", "0"],
    [true, true],
    [".", "."],
  ])("%s is not %s", (one, other) => {
    expect(sameQuantity(one, other)).toBe(false);
  });

  it("are the same whatever they are written in", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (amount) => {
        expect(sameQuantity(`${amount}`, `${amount * 1000}m`)).toBe(true);
        expect(sameQuantity(`${amount}Ki`, `${amount * 1024}`)).toBe(true);
        expect(sameQuantity(`${amount}`, `${amount + 1}`)).toBe(false);
      }),
    );
  });

  it("are looked for where Kubernetes keeps them, and not in data", () => {
    expect(isQuantityAt("spec.template.spec.containers[hub].resources.limits.cpu")).toBe(true);
    expect(isQuantityAt('spec.resources.requests["nvidia.com/gpu"]')).toBe(true);
    expect(isQuantityAt("spec.template.spec.volumes[x].emptyDir.sizeLimit")).toBe(true);
    expect(isQuantityAt("data.limit")).toBe(false);
    expect(isQuantityAt("spec.containers[hub].env[X].value")).toBe(false);
  });
});
