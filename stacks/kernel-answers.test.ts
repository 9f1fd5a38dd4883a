import { describe, expect, it } from "vitest";
import { unknownAnswers } from "./kernel-answers.ts";

const KNOWN = new Set(["python-science", "r-statistics"]);

describe("unknownAnswers", () => {
  it("says nothing of kernels that are known", () => {
    expect(unknownAnswers({ "r-statistics": { remove: false } }, KNOWN)).toEqual([]);
  });

  it("names each unknown one, with the nearest names", () => {
    expect(unknownAnswers({ "python-sience": { remove: false }, zz: { remove: false } }, KNOWN)).toEqual([
      expect.objectContaining({
        path: "lectern:kernels.python-sience",
        remedy: 'Did you mean "python-science"?',
      }),
      expect.objectContaining({ path: "lectern:kernels.zz", remedy: expect.stringContaining("Take") }),
    ]);
  });

  it("leaves alone what lets a kernel go that only the state still has", () => {
    expect(unknownAnswers({ "python-old": { remove: true } }, KNOWN)).toEqual([]);
  });
});
