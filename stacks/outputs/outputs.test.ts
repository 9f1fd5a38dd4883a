import { describe, expect, it } from "vitest";
import { formatProblem } from "../../components/problem/problem.ts";
import { writeOutputs } from "./outputs.ts";
import { parseOutput } from "./parse-output.ts";

const STAGING = "organization/lectern/staging";
const DIGEST = `sha256:${"a".repeat(64)}`;
const SELECTED = {
  repository: "docker.io/lectern/lab",
  menu: [{ name: "Recommended (Weekly 2026_10)", tag: "w_2026_10", digest: DIGEST }],
  prepull: [{ tag: "w_2026_10", digest: DIGEST }],
  recommended: { tag: "w_2026_10", digest: DIGEST },
};

/** Outputs as this version writes them. */
const OUTPUTS = {
  articles: {
    "course/bell": {
      title: "Bell",
      url: "https://x/bell",
      customId: "bell-1",
      fingerprint: "sha256:f",
      evidence: "status",
    },
  },
  kernels: {
    python: {
      displayName: "Python 3",
      image: `docker.io/lectern/python@${DIGEST}`,
      registration: "kernel/python/1",
    },
  },
  images: { "campus/lab": SELECTED },
  hubImages: { lab: { image: `ghcr.io/lectern/lab:0123@${DIGEST}` } },
  profiles: { campus: [{ display_name: "Small", slug: "small", kubespawner_override: { image: "x" } }] },
  aliases: {
    "campus/lab": {
      alias: "recommended",
      tag: "w_2026_10",
      digest: DIGEST,
      goesBackTo: { tag: "w_2026_09", digest: DIGEST },
    },
  },
  holds: { "course/dice": { reason: "staging has not deployed it yet", deployed: true } },
} as const;
const NAMES = ["articles", "kernels", "images", "hubImages", "profiles", "aliases", "holds"] as const;

const entriesOf = (name: (typeof NAMES)[number], value: unknown) => {
  const { entries, problems } = parseOutput(STAGING, name, value);
  return { entries: Object.fromEntries(entries), problems };
};

/** Outputs that are written only where they have something. */
const SOMETIMES = {
  forgotten: {},
  hubImages: {},
  hubs: {},
  support: {},
  hubDeployments: {},
  clusters: {},
  warmUps: {},
  courseLinks: {},
  hubChanges: {},
  overrides: {},
  holds: {},
};

describe("the outputs of a stack", () => {
  it.each(NAMES)("are read as they were written: %s", (name) => {
    expect(entriesOf(name, OUTPUTS[name])).toEqual({ entries: OUTPUTS[name], problems: [] });
  });

  it.each(NAMES)("are none where the stack has never written %s", (name) => {
    expect(entriesOf(name, undefined)).toEqual({ entries: {}, problems: [] });
  });

  it("of an older version may lack fields", () => {
    expect(entriesOf("articles", { "blog/one": {} })).toEqual({
      entries: { "blog/one": { title: "", url: "", customId: "", fingerprint: "" } },
      problems: [],
    });
    expect(entriesOf("kernels", { python: { image: "x" } }).entries).toEqual({
      python: { displayName: "", image: "x", registration: "" },
    });
    const { goesBackTo: _, ...alias } = OUTPUTS.aliases["campus/lab"];
    expect(entriesOf("aliases", { "campus/lab": alias })).toEqual({
      entries: { "campus/lab": alias },
      problems: [],
    });
    const { recommended: __, ...selected } = SELECTED;
    expect(entriesOf("images", { "campus/lab": selected }).entries).toEqual({ "campus/lab": selected });
  });

  it("of a newer version may have more fields", () => {
    const { "course/bell": bell } = OUTPUTS.articles;
    expect(entriesOf("articles", { "course/bell": { ...bell, chapters: 3 } })).toEqual({
      entries: { "course/bell": bell },
      problems: [],
    });
    const menu = SELECTED.menu.map((entry) => ({ ...entry, size: 1 }));
    expect(entriesOf("images", { "campus/lab": { ...SELECTED, menu, policy: {} } })).toEqual({
      entries: { "campus/lab": SELECTED },
      problems: [],
    });
  });

  it.each([
    ["a text", "garbage"],
    ["a list", [{}]],
    ["a number", 5],
  ])("hold no entry where one is %s, and a problem names the stack and the output", (_, garbage) => {
    const { entries, problems } = entriesOf("articles", garbage);
    expect(entries).toEqual({});
    expect(problems).toMatchObject([
      {
        severity: "warning",
        message: expect.stringContaining(`output articles of the stack ${STAGING} can't be parsed`),
      },
    ]);
  });

  it("keep an entry that can't be parsed as undefined, and the others as they are", () => {
    const { "course/bell": bell } = OUTPUTS.articles;
    const { entries, problems } = entriesOf("articles", {
      "course/bell": bell,
      "course/dice": { ...bell, fingerprint: 5 },
      "course/gates": "deployed",
    });
    expect(entries).toEqual({ "course/bell": bell, "course/dice": undefined, "course/gates": undefined });
    expect(Object.keys(entries)).toContain("course/dice");
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /articles\.course\/dice of the stack organization\/lectern\/staging .*fingerprint/,
      ),
      expect.stringContaining("articles.course/gates"),
    ]);
  });

  it("that are this stack's own have its own remedy, and another stack's have that one's", () => {
    const { problems: others } = parseOutput(STAGING, "articles", { "course/bell": 5 });
    const { problems: own } = parseOutput(
      "organization/lectern/prod",
      "articles",
      { "course/bell": 5 },
      true,
    );
    expect([...others, ...own].map(formatProblem)).toEqual([
      "the output articles.course/bell of the stack organization/lectern/staging can't be parsed and counts as not proven (expected map, received number). Deploy it with this version of Lectern: `pulumi up --stack staging`.",
      "the output articles.course/bell of the stack organization/lectern/prod can't be parsed, so only its existence is known (expected map, received number). The next `pulumi up --stack prod` writes it again.",
    ]);
  });

  it.each([
    ["no digest", { ...SELECTED, prepull: [{ tag: "w_2026_10", digest: "latest" }] }],
    ["no menu", { ...SELECTED, menu: undefined }],
    ["no repository", { ...SELECTED, repository: "" }],
  ])("prove no selection of images that has %s", (_, selected) => {
    const { entries, problems } = entriesOf("images", { "campus/lab": selected });
    expect(entries["campus/lab"]).toBeUndefined();
    expect(problems).toHaveLength(1);
  });

  it("keep the order of a menu's choices: engines sort the keys of objects, so profiles are a text", () => {
    const choices = { recommended: {}, w_2026_10: {}, d_2026_11_01: {} };
    const list = [{ display_name: "P", slug: "p", profile_options: { image: { choices } } }];
    const none = { articles: {}, kernels: {}, images: {}, aliases: {}, ...SOMETIMES };
    const { profiles } = writeOutputs({ ...none, profiles: { campus: list } }) as {
      profiles: Record<string, string>;
    };
    expect(profiles).toEqual({ campus: JSON.stringify(list) });
    const { entries } = entriesOf("profiles", profiles);
    expect(JSON.stringify(entries["campus"])).toBe(JSON.stringify(list));
    expect(entriesOf("profiles", { campus: "no JSON" }).problems).toHaveLength(1);
  });

  it("know nothing of an entry that is null", () => {
    expect(entriesOf("articles", { "course/bell": null })).toEqual({ entries: {}, problems: [] });
  });

  it("are written with holds and forgotten articles only where there are any", () => {
    const none = { articles: {}, kernels: {}, images: {}, profiles: {}, aliases: {} };
    expect(writeOutputs({ ...none, ...SOMETIMES })).toEqual(none);
    const { holds } = OUTPUTS;
    expect(writeOutputs({ ...none, ...SOMETIMES, holds })).toEqual({ ...none, holds });
  });
});
