import { describe, expect, it } from "vitest";
import { unknownDecisions } from "./kernel-decisions.ts";

const KNOWN = new Set(["python-science", "r-statistics"]);

describe("unknownDecisions", () => {
  it("reports nothing for known kernels", () => {
    expect(unknownDecisions({ "r-statistics": { remove: false } }, KNOWN)).toEqual([]);
  });

  it("names each unknown one, with the nearest names", () => {
    expect(unknownDecisions({ "python-sience": { remove: false }, zz: { remove: false } }, KNOWN)).toEqual([
      expect.objectContaining({
        path: "lectern:kernels.python-sience",
        remedy: 'Did you mean "python-science"?',
      }),
      expect.objectContaining({
        path: "lectern:kernels.zz",
        remedy: expect.stringContaining("Remove the entry"),
      }),
    ]);
  });

  it("accepts a decision to remove a kernel that only the state still has", () => {
    expect(unknownDecisions({ "python-old": { remove: true } }, KNOWN)).toEqual([]);
  });
});
