import { describe, expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { type ImagePolicyInput, imagePolicy } from "./policy.ts";
import { select, selectFrom, targetsFound } from "./selection.ts";
import { wanted } from "./selection-wanted.ts";

const NOW = Date.UTC(2022, 9, 20);
const digest = (seed: number) => `sha256:${seed.toString(16).padStart(64, "0")}`;
const run = (tags: Record<string, string>, policy: ImagePolicyInput) =>
  selectFrom(new Map(Object.entries(tags)), imagePolicy.parse(policy), NOW);

const TAGS: Record<string, string> = {
  recommended: digest(40),
  w_2022_39: digest(39),
  w_2022_40: digest(40),
  w_2022_41: digest(41),
  w_2022_42: digest(42),
  "w_2022_43-amd64": digest(43),
  d_2022_10_18: digest(118),
  d_2022_10_19: digest(119),
  d_2022_10_20: digest(42),
  r23_0_0: digest(230),
  r24_0_0: digest(240),
  r25_0_0_rc2: digest(252),
  r25_0_0_rc10: digest(260),
  exp_random: digest(1),
  old: digest(2),
};

/** The codes and paths of the problems that a call throws. */
function refusal(call: () => unknown): string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof LecternError) return error.problems.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

describe("selection", () => {
  it("takes the alias's target, a release, two weeklies and three dailies, one pull for a digest", () => {
    const { prepull, menu, notices } = run(TAGS, { recommended: "recommended" });
    expect(menu).toEqual([
      { name: "Recommended (Weekly 2022_40)", tag: "recommended", digest: digest(40) },
      { name: "Release r24.0.0", tag: "r24_0_0", digest: digest(240) },
      { name: "Weekly 2022_42", tag: "w_2022_42", digest: digest(42) },
      { name: "Weekly 2022_41", tag: "w_2022_41", digest: digest(41) },
      { name: "Daily 2022_10_20", tag: "d_2022_10_20", digest: digest(42) },
      { name: "Daily 2022_10_19", tag: "d_2022_10_19", digest: digest(119) },
      { name: "Daily 2022_10_18", tag: "d_2022_10_18", digest: digest(118) },
    ]);
    expect(prepull).toEqual([
      { tag: "w_2022_40", digest: digest(40) },
      { tag: "r24_0_0", digest: digest(240) },
      { tag: "w_2022_42", digest: digest(42) },
      { tag: "w_2022_41", digest: digest(41) },
      { tag: "d_2022_10_19", digest: digest(119) },
      { tag: "d_2022_10_18", digest: digest(118) },
    ]);
    expect(notices).toEqual([]);
  });

  const none = { releases: 0, weeklies: 0, dailies: 0 };

  it("takes `recommended` where the policy names nothing and the tag is there", () => {
    expect(run(TAGS, none).menu.map(({ tag }) => tag)).toEqual(["recommended"]);
  });

  it("a recommended tag that can't move is named as recommended too", () => {
    const { menu, prepull } = run(TAGS, { ...none, recommended: "w_2022_39" });
    expect(menu).toEqual([{ name: "Recommended (Weekly 2022_39)", tag: "w_2022_39", digest: digest(39) }]);
    expect(prepull).toEqual([{ tag: "w_2022_39", digest: digest(39) }]);
  });

  it("a recommended tag heads the menu though a pinned alias stands for it too", () => {
    const tags = {
      recommended: digest(1),
      latest_weekly: digest(1),
      w_2022_40: digest(1),
      w_2022_41: digest(2),
    };
    const { menu, prepull, recommended } = run(tags, { recommended: "w_2022_40", pin: ["latest_weekly"] });
    expect(menu).toEqual([
      { name: "Recommended (Weekly 2022_40)", tag: "w_2022_40", digest: digest(1) },
      { name: "Latest Weekly (Weekly 2022_40)", tag: "latest_weekly", digest: digest(1) },
      { name: "Weekly 2022_41", tag: "w_2022_41", digest: digest(2) },
    ]);
    expect(prepull.map(({ tag }) => tag)).toEqual(["w_2022_40", "w_2022_41"]);
    expect(recommended).toEqual({ tag: "w_2022_40", digest: digest(1) });
  });

  it("offers one choice where the pinned alias is named as the recommended tag is", () => {
    const { menu } = run(TAGS, { ...none, recommended: "w_2022_40", pin: ["recommended"] });
    expect(menu).toEqual([{ name: "Recommended (Weekly 2022_40)", tag: "w_2022_40", digest: digest(40) }]);
  });

  it("reports what is recommended where the policy leaves it to the tag, and nothing where there is none", () => {
    expect(run(TAGS, none).recommended).toEqual({ tag: "recommended", digest: digest(40) });
    expect(run({ w_2022_40: digest(1) }, {}).recommended).toBeUndefined();
  });

  it("the newest candidates are distinguished by number", () => {
    expect(run(TAGS, { ...none, candidates: 1 }).prepull).toContainEqual({
      tag: "r25_0_0_rc10",
      digest: digest(260),
    });
  });

  it("an alias that stands for nothing else keeps its own name", () => {
    expect(run({ recommended: digest(7) }, {}).menu).toEqual([
      { name: "Recommended", tag: "recommended", digest: digest(7) },
    ]);
  });

  it("a pinned moving tag is named by its target", () => {
    const tags = { ...TAGS, latest_weekly: digest(42) };
    expect(run(tags, { ...none, pin: ["latest_weekly", "old"] }).menu).toEqual([
      { name: "Recommended (Weekly 2022_40)", tag: "recommended", digest: digest(40) },
      { name: "Latest Weekly (Weekly 2022_42)", tag: "latest_weekly", digest: digest(42) },
      { name: "old", tag: "old", digest: digest(2) },
    ]);
  });

  it("names what is recommended, and what an alias stands for, by versions, dates and commits too", () => {
    const tags = {
      recommended: digest(1),
      "2026.05.01": digest(1),
      "2024-01-15": digest(2),
      "1.2": digest(3),
    };
    expect(run(tags, {}).menu).toEqual([
      { name: "Recommended (2026.05.01)", tag: "recommended", digest: digest(1) },
    ]);
    const dated = run(tags, { recommended: "2024-01-15", pin: ["1.2"] });
    expect(dated.menu).toEqual([
      { name: "Recommended (2024-01-15)", tag: "2024-01-15", digest: digest(2) },
      { name: "1.2", tag: "1.2", digest: digest(3) },
    ]);
    expect(run(tags, { recommended: "2026.05.01", immutable: [] }).menu[0]?.name).toBe("2026.05.01");
  });

  it.each(["2024-01-15", "nightly-2024-01-15", "main-3f2a1bc", "3.12-slim"])(
    "an alias of %s is named by the whole of it, and nodes hold it by a tag that nobody moves",
    (tag) => {
      const { menu, prepull } = run({ recommended: digest(1), [tag]: digest(1), "2024-01": digest(2) }, {});
      expect(menu).toEqual([{ name: `Recommended (${tag})`, tag: "recommended", digest: digest(1) }]);
      expect(prepull).toEqual([{ tag, digest: digest(1) }]);
    },
  );

  it("an alias of a date's image for one architecture still says so", () => {
    const { menu } = run({ recommended: digest(1), "2024-01-15-arm64": digest(1) }, {});
    expect(menu.map(({ name }) => name)).toEqual(["Recommended (2024-01-15) [arm64]"]);
  });

  it("takes a date, a commit or a version though a tag is there that it begins with", () => {
    const texts = ["2024-01", "2024-01-15", "main", "main-3f2a1bc", "3.12", "3.12-slim"];
    const tags = Object.fromEntries(texts.map((text, index) => [text, digest(index + 1)]));
    for (const recommended of ["2024-01-15", "main-3f2a1bc", "3.12-slim"])
      expect(run(tags, { recommended }).menu[0]?.name).toBe(`Recommended (${recommended})`);
    expect(() => run(tags, { recommended: "main-3f2a1bc", immutable: ["date"] })).toThrow(/: "main"/);
  });

  it("takes a named tag with a dash in it that is of no architecture", () => {
    const tags = { "staging-recommended": digest(1), w_2022_40: digest(1), "2024-01-15": digest(2) };
    const { menu, prepull } = run(tags, { recommended: "staging-recommended", pin: ["2024-01-15"] });
    expect(menu.map(({ tag }) => tag)).toEqual(["staging-recommended", "2024-01-15"]);
    expect(prepull.map(({ tag }) => tag)).toEqual(["w_2022_40", "2024-01-15"]);
  });

  it("a minimum version and a maximum age bind what rules pick, never what is named", () => {
    const policy = {
      releases: 5,
      weeklies: 9,
      dailies: 9,
      minimumVersion: "24.0.0",
      maximumAge: "9d",
      pin: ["w_2022_39"],
    };
    expect(run(TAGS, policy).menu.map(({ tag }) => tag)).toEqual([
      "recommended",
      "r24_0_0",
      "w_2022_42",
      "w_2022_41",
      "w_2022_39",
      "d_2022_10_20",
      "d_2022_10_19",
      "d_2022_10_18",
    ]);
  });

  it("each kind can have an age, an oldest tag and a build of its own", () => {
    const menu = (policy: ImagePolicyInput) =>
      run(TAGS, { releases: 0, weeklies: 0, dailies: 0, recommended: "old", ...policy })
        .menu.slice(1)
        .map(({ tag }) => tag);
    expect(menu({ weeklies: { count: 9, oldest: "w_2022_41" } })).toEqual(["w_2022_42", "w_2022_41"]);
    expect(menu({ dailies: { count: 9, maximumAge: "1d" }, weeklies: 1, maximumAge: "9d" })).toEqual([
      "w_2022_42",
      "d_2022_10_20",
      "d_2022_10_19",
    ]);
    expect(menu({ releases: { count: 9, oldest: "r24_0_0" } })).toEqual(["r24_0_0"]);
    expect(menu({ candidates: { count: 9, oldest: "r25_0_0_rc3" } })).toEqual(["r25_0_0_rc10"]);
  });

  it("an oldest tag and a minimum build tell builds of one version apart", () => {
    const tags = {
      recommended: digest(1),
      w_2022_42: digest(2),
      w_2022_42_rsp18: digest(3),
      w_2022_42_rsp19: digest(4),
      w_2022_43_rsp18: digest(5),
    };
    const menu = (policy: ImagePolicyInput) =>
      run(tags, { weeklies: 9, ...policy })
        .menu.slice(1)
        .map(({ tag }) => tag);
    expect(menu({ weeklies: { count: 9, oldest: "w_2022_42_rsp19" } })).toEqual([
      "w_2022_43_rsp18",
      "w_2022_42_rsp19",
    ]);
    expect(menu({ minimumBuild: 19 })).toEqual(["w_2022_42_rsp19"]);
  });

  it("reports that all tags of a counted kind are too old", () => {
    const tags = { w_2022_39: digest(1), w_2022_40: digest(2), d_2022_10_20: digest(3) };
    expect(run(tags, { maximumAge: "30d" }).notices).toEqual([]);
    expect(run(tags, { maximumAge: "3d" }).notices).toMatchObject([
      { code: "all-too-old", path: "maximumAge", message: expect.stringContaining('"w_2022_40"') },
    ]);
    expect(run(tags, { maximumAge: "3d", weeklies: 0 }).notices).toEqual([]);
    expect(run(tags, { weeklies: { count: 1, maximumAge: "3d" } }).notices).toMatchObject([
      { code: "all-too-old", path: "weeklies.maximumAge" },
    ]);
  });

  it("with a cycle set, rules pick that cycle alone, and what is named against it is reported", () => {
    const tags = {
      recommended: digest(1),
      recommended_c0045: digest(2),
      "w_2077_42_c0044.001": digest(1),
      "w_2077_43_c0045.001": digest(2),
      "d_2077_10_23_c0045.003": digest(3),
      r21_0_0: digest(4),
    };
    const own = run(tags, { recommended: "recommended_c0045", cycle: 45 });
    expect(own.menu.map(({ name }) => name)).toEqual([
      "Recommended (Weekly 2077_43, SAL Cycle 0045, Build 001)",
      "Daily 2077_10_23 (SAL Cycle 0045, Build 003)",
    ]);
    expect(own.notices).toEqual([]);
    const other = run(tags, { recommended: "recommended", cycle: 45 });
    expect(other.menu.map(({ tag }) => tag)).toEqual([
      "recommended",
      "w_2077_43_c0045.001",
      "d_2077_10_23_c0045.003",
    ]);
    expect(other.notices).toMatchObject([{ code: "other-cycle", path: "recommended", severity: "warning" }]);
  });
});

describe("refused", () => {
  it("a pin or alias that is not there, with the nearest tags", () => {
    expect(() => run(TAGS, { recommended: "recomended" })).toThrow(
      /recommended: .*"recomended".*nearest are "recommended"/,
    );
    expect(() => run(TAGS, { pin: ["w_2022_44"] })).toThrow(/pin\[0\]: .*"w_2022_44".*"w_2022_4[0-2]"/);
    expect(() => run(TAGS, { pin: ["zzzzzzzzzzzzzzzzzzzzz"] })).toThrow(/such as "r24_0_0"/);
  });

  it("a pin of one architecture, never with a remedy that does not exist", () => {
    expect(refusal(() => run(TAGS, { pin: ["w_2022_43-amd64"] }))).toEqual(["one-architecture pin[0]"]);
    expect(() => run(TAGS, { pin: ["w_2022_43-amd64"] })).not.toThrow(/"w_2022_43"/);
    const tags = { ...TAGS, "old-jammy": digest(3), "old-arm64v8": digest(3) };
    expect(() => run(tags, { pin: ["old-jammy"] })).toThrow(/for all architectures: "old"/);
    expect(() => run(tags, { pin: ["old-arm64v8"] })).toThrow(/for all architectures: "old"/);
  });

  it("a cycle that matches nothing", () => {
    expect(refusal(() => run(TAGS, { cycle: 45 }))).toEqual(["unmatched-cycle cycle"]);
  });

  it("a cycle that only an alias or an experiment has", () => {
    const tags = {
      recommended: digest(1),
      w_2022_40: digest(1),
      latest_c0045: digest(2),
      "exp_w_2022_41_c0045.001": digest(3),
      "w_2022_41_c0044.001": digest(4),
    };
    expect(() => run(tags, { recommended: "recommended", cycle: 45 })).toThrow(
      /no release, weekly, daily or candidate has the cycle 45\. The newest cycles are 44/,
    );
  });

  it("an empty selection", () => {
    expect(refusal(() => run({ old: digest(1) }, {}))).toEqual(["empty-selection undefined"]);
    expect(refusal(() => run({}, {}))).toEqual(["empty-selection undefined"]);
  });

  it("a malformed digest", () => {
    expect(refusal(() => run({ ...TAGS, w_2022_42: "sha256:abc" }, {}))).toEqual([
      "malformed-digest w_2022_42",
    ]);
  });
});

it("asks only for what the selection needs, and knows when targets are found", () => {
  const policy = imagePolicy.parse({});
  const want = wanted(Object.keys(TAGS), policy, NOW);
  expect(want.tags.map(({ text }) => text)).toHaveLength(7);
  const known = new Map(want.tags.map(({ text }) => [text, TAGS[text] ?? ""]));
  expect(targetsFound(want, known)).toBe(false);
  known.set("w_2022_40", digest(40));
  expect(targetsFound(want, known)).toBe(true);
  expect(select(want, known, policy)).toEqual(run(TAGS, {}));
});
