import { describe, expect, it } from "vitest";
import { fixedBy } from "./immutable-forms.ts";
import { parseTag } from "./tag-grammar.ts";

const isFixed = (text: string, forms?: readonly string[]) => fixedBy(forms)(parseTag(text));

describe("a tag that names one image for good", () => {
  it.each([
    "w_2026_10",
    "r1_0_0",
    "exp_polars",
    "1.2.3",
    "v1",
    "V2.0",
    "3.12-slim",
    "2024.01.15",
    "2026.05.01",
    "2024-01-15",
    "20240115",
    "nightly-2024-01-15",
    "lab-20240115",
    "release-2024.01",
    "2026.1",
    "3f2a1bc",
    "sha-3f2a1bc",
    "main-3f2a1bc",
    "git.3f2a1bc0d9",
    "v1.4-12-g3f2a1bc",
    `sha256-${"0a".repeat(32)}`,
  ])("by default: %s", (text) => expect(isFixed(text)).toBe(true));

  it.each([
    "recommended",
    "recommended_c0045",
    "latest",
    "latest_weekly",
    "stable",
    "nightly",
    "staging-recommended",
    "lts-24",
    "ubuntu-22.04",
    "python-3.12",
    "cuda12",
    "2i2c",
    "deadbeef",
    "defaced",
    "year-2024",
  ])("is not, by default: %s", (text) => expect(isFixed(text)).toBe(false));

  it("is one of the grammar, whatever a policy lists", () => {
    expect(isFixed("w_2026_10", [])).toBe(true);
    expect(isFixed("v1", [])).toBe(false);
    expect(isFixed("v1", ["date", "commit"])).toBe(false);
  });

  it("is one that an expression of a policy matches as a whole", () => {
    expect(isFixed("build-7", [String.raw`build-\d+`])).toBe(true);
    expect(isFixed("build-7x", [String.raw`build-\d+`])).toBe(false);
    expect(isFixed("term-2", ["spring-.*|term-.*"])).toBe(true);
  });
});
