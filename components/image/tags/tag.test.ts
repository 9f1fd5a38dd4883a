import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTags, TAG_KINDS } from "./tag.ts";
import { parseAlias, parseTag, resolveAlias } from "./tag-grammar.ts";

const nameOf = (text: string) => parseTag(text).name;
const kindOf = (text: string) => parseTag(text).kind;
const inMenuOrder = (texts: string[]) =>
  texts
    .map(parseTag)
    .sort(compareTags)
    .map((tag) => tag.text);

describe("names", () => {
  it.each([
    ["r21_0_1", "Release r21.0.1"],
    ["r170", "Release r17.0.0"],
    ["r22_0_0_rc1", "Release Candidate r22.0.0-rc1"],
    [
      "r22_0_0_rc1_c0020.001_rsp19_20210513",
      "Release Candidate r22.0.0-rc1 (SAL Cycle 0020, Build 001) (RSP Build 19) [20210513]",
    ],
    ["w_2021_22", "Weekly 2021_22"],
    ["w_2021_22_rsp19-arm64", "Weekly 2021_22 (RSP Build 19) [arm64]"],
    ["d_2021_05_27", "Daily 2021_05_27"],
    ["d_2077_10_23_c0045.003", "Daily 2077_10_23 (SAL Cycle 0045, Build 003)"],
    ["exp_random", "Experimental random"],
    ["exp_random_c0027-amd64", "Experimental random (SAL Cycle 0027) [amd64]"],
    [
      "exp_w_2021_22_c0020.001_rsp19_foo-amd64",
      "Experimental Weekly 2021_22 (SAL Cycle 0020, Build 001) (RSP Build 19) [foo] [amd64]",
    ],
    ["recommended_c0027-arm64", "recommended (SAL Cycle 0027) [arm64]"],
    ["latest-amd64", "latest [amd64]"],
    ["not_a_normal_format", "not_a_normal_format"],
    ["MiXeD_CaSe_TaG", "MiXeD_CaSe_TaG"],
    ["", "latest"],
  ])("%s is %s", (text, name) => {
    expect(nameOf(text)).toBe(name);
  });

  it("an alias is titled", () => {
    expect(parseAlias("recommended").name).toBe("Recommended");
    expect(parseAlias("latest_weekly_c0046").name).toBe("Latest Weekly (SAL Cycle 0046)");
    expect(parseAlias("latest_c0046-arm64")).toEqual({
      kind: "alias",
      text: "latest_c0046-arm64",
      base: "latest",
      cycle: 46,
      arch: "arm64",
      name: "Latest (SAL Cycle 0046) [arm64]",
    });
  });

  it.each([
    ["recommended", "w_2022_40", "Recommended (Weekly 2022_40)"],
    ["recommended", "d_2077_10_23_c0045.003", "Recommended (Daily 2077_10_23, SAL Cycle 0045, Build 003)"],
    [
      "latest_daily_c0045",
      "d_2077_10_23_c0045.003",
      "Latest Daily (Daily 2077_10_23, SAL Cycle 0045, Build 003)",
    ],
    ["recommended-arm64", "w_2022_40-arm64", "Recommended (Weekly 2022_40) [arm64]"],
  ])("%s that stands for %s is %s", (alias, target, name) => {
    const resolved = resolveAlias(parseAlias(alias), parseTag(target));
    expect(resolved.name).toBe(name);
    expect(resolved.target).toBe(target);
  });
});

describe("kinds", () => {
  it.each([
    ["w_2021_60", "unknown"],
    ["w_2021_00", "unknown"],
    ["w_2021_53", "unknown"],
    ["w_2020_53", "weekly"],
    ["w_2021_22junk", "unknown"],
    ["d_2021_02_31", "unknown"],
    ["d_2021_02_29", "unknown"],
    ["d_2024_02_29", "daily"],
    ["d_2021_13_01", "unknown"],
    ["d_0000_01_01", "unknown"],
    ["r22_0_0", "release"],
    ["r22_0", "unknown"],
    ["r1700", "unknown"],
    ["r170_1", "unknown"],
    ["r170-amd64", "unknown"],
    ["exp_", "unknown"],
    ["exp_w_2021_60", "experimental"],
    [`r${"9".repeat(30)}_0_0`, "unknown"],
    [`w_2021_22_${"x".repeat(200)}`, "unknown"],
  ])("%s is %s", (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  it("an impossible date keeps its cycle and architecture apart", () => {
    expect(parseTag("w_2021_60_c0027-amd64")).toMatchObject({ base: "w_2021_60", cycle: 27, arch: "amd64" });
  });

  it("a weekly is dated by the Thursday of its week", () => {
    expect(parseTag("w_2021_22")).toMatchObject({ date: Date.UTC(2021, 5, 3) });
    expect(parseTag("w_2020_53")).toMatchObject({ date: Date.UTC(2020, 11, 31) });
  });
});

describe("order", () => {
  it("ties go by version, cycle, its build, the platform's build, the rest, the architecture", () => {
    const oldestFirst = [
      "r21_0_1",
      "r21_0_1_rsp29",
      "r21_0_1_rsp103",
      "r21_0_1_rsp103_extra",
      "r21_0_1_rsp103_foo-amd64",
      "r21_0_1_rsp103_foo-arm64",
      "r21_0_1_rsp103_foo",
      "r21_0_1_c0031.004",
      "r21_0_1_c0031.004_rsp103",
      "r21_0_1_c0032.004_rsp102",
      "r21_0_1_c0032.004_rsp103",
      "r21_0_1_c0032.005_rsp101",
    ];
    expect(inMenuOrder(oldestFirst)).toEqual(oldestFirst.toReversed());
  });

  it("is that of the menu", () => {
    const menu = [
      "r21_0_1",
      "r20_0_1_c0027.001",
      "w_2077_46",
      "w_2077_46-amd64",
      "w_2077_40_c0027.001",
      "w_2077_40_c0026.001",
      "d_2077_10_21",
      "d_2077_10_20",
      "r22_0_1_rc10",
      "r22_0_1_rc9",
      "r22_0_0_rc1",
      "exp_w_2021_22",
      "recommended_c0027",
      "recommended",
      "latest_c0027-arm64",
      "latest-arm64",
    ];
    expect(inMenuOrder(menu.toReversed())).toEqual(menu);
  });

  it("an experimental release is above its candidates", () => {
    expect(inMenuOrder(["exp_r22_0_0_rc10", "exp_r22_0_0", "exp_r22_0_0_rc9", "exp_random"])).toEqual([
      "exp_random",
      "exp_r22_0_0",
      "exp_r22_0_0_rc10",
      "exp_r22_0_0_rc9",
    ]);
  });
});

/** Tags near to the grammar: valid ones, invalid ones, and what is between. */
const number = fc.oneof(fc.nat(3).map(String), fc.constantFrom("01", "22", "60", "2021"));
const base = fc.oneof(
  fc.tuple(number, number, number).map((parts) => `r${parts.join("_")}`),
  fc.tuple(number, number, number, number).map(([a, b, c, d]) => `r${a}_${b}_${c}_rc${d}`),
  fc.tuple(number, number).map(([a, b]) => `w_${a}_${b}`),
  fc.tuple(number, number, number).map(([a, b, c]) => `d_${a}_${b}_${c}`),
  fc.constantFrom("recommended", "latest", "r170", "exp_", "exp_random", ""),
);
const suffix = fc.oneof(
  fc.constant(""),
  number.map((n) => `_c${n}.${n}`),
  number.map((n) => `_c${n}`),
  number.map((n) => `_rsp${n}`),
  fc.constantFrom("_foo", "_c0001.001_rsp3_bar"),
);
const text = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom("", "exp_"), base, suffix, fc.constantFrom("", "-amd64"))
      .map((p) => p.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);

describe("laws", () => {
  it("any string is a tag that keeps its text", () => {
    fc.assert(
      fc.property(text, (value) => {
        const tag = parseTag(value);
        expect(tag.text).toBe(value === "" ? "latest" : value);
        expect(TAG_KINDS).toContain(tag.kind);
        expect(tag.name).not.toMatch(/undefined|NaN/);
      }),
    );
  });

  it("the order is total: antisymmetric, transitive, and only a text equals itself", () => {
    fc.assert(
      fc.property(text, text, text, (x, y, z) => {
        const [a, b, c] = [parseTag(x), parseTag(y), parseTag(z)];
        expect(Math.sign(compareTags(a, b)) + Math.sign(compareTags(b, a))).toBe(0);
        expect(compareTags(a, b) === 0).toBe(a.text === b.text);
        if (compareTags(a, b) <= 0 && compareTags(b, c) <= 0)
          expect(compareTags(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  it("sorting gives one order, whatever order came in", () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 30 }), (texts) => {
        const sorted = inMenuOrder(texts);
        expect(inMenuOrder(texts.toReversed())).toEqual(sorted);
        expect(inMenuOrder(sorted)).toEqual(sorted);
      }),
    );
  });
});
