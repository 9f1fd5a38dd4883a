import { describe, expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { ofEntry, readImagesFile } from "./images-file.ts";

it("reads entries as people write them, with comments", () => {
  const images = readImagesFile(
    `# One entry per repository.
science:
  repository: lectern/science-lab
  alias: recommended
  policy:
    recommended: w_2026_10
    releases: 1
    weeklies: 2
    # The image that a paper's results were made with.
    pin:
      - r1_0_0

gpu:
  repository: lectern/gpu-lab
`,
    "images.yaml",
  );
  expect(Object.keys(images)).toEqual(["science", "gpu"]);
  expect(images["science"]?.policy).toMatchObject({
    recommended: "w_2026_10",
    weeklies: { count: 2 },
    pin: ["r1_0_0"],
  });
});

it("an entry without a policy has the defaults", () => {
  expect(readImagesFile("lab: {repository: ghcr.io/a/lab}", "i")["lab"]?.policy).toMatchObject({
    weeklies: { count: 2 },
    pin: [],
  });
});

it("an entry has the name that it is given for menus", () => {
  const read = (text: string) => readImagesFile(text, "i")["lab"]?.displayName;
  expect(read("lab: {repository: ghcr.io/a/lab, display_name: Biology}")).toBe("Biology");
  expect(read("lab: {repository: ghcr.io/a/lab}")).toBeUndefined();
  expect(() => read("lab: {repository: ghcr.io/a/lab, display_name: ''}")).toThrow(/lab\.display_name/);
});

describe("an entry of several repositories", () => {
  const read = (repository: string) => readImagesFile(`lab: {repository: ${repository}}`, "i")["lab"];

  it("selects from the first", () => {
    expect(read("[ghcr.io/a/lab, east.example/a/lab]")).toMatchObject({
      repository: "ghcr.io/a/lab",
      repositories: ["ghcr.io/a/lab", "east.example/a/lab"],
    });
    expect(read("ghcr.io/a/lab")?.repositories).toEqual(["ghcr.io/a/lab"]);
  });

  it("is reported at the one that is wrong", () => {
    expect(() => read("[ghcr.io/a/lab, 'A B']")).toThrow(/i:1:\d+ lab\.repository\[1\]: /);
    expect(() => read("[ghcr.io/a/lab, docker.io/b, b]")).toThrow(/i:1:\d+ lab\.repository\[2\]: .* twice/);
    expect(() => read("[]")).toThrow(/lab\.repository: /);
  });
});

describe("what an alias is moved to", () => {
  const read = (recommended: string, policy = "") =>
    readImagesFile(
      `lab:\n  repository: a/lab\n  alias: stable\n  policy:\n    recommended: ${recommended}\n${policy}`,
      "i",
    );

  it.each(["nightly", "recommended", "latest_weekly"])("can't be %s, which can move", (tag) => {
    expect(() => read(tag)).toThrow(/i:5:18 lab\.policy\.recommended: the tag ".*" may name another image/);
  });

  it.each(["w_2026_10", "2026.05.01", '"1.2.3"', "main-3f2a1bc"])("can be %s", (tag) => {
    expect(Object.keys(read(tag))).toEqual(["lab"]);
  });

  it("can be a tag of a form that the policy lists", () => {
    expect(Object.keys(read("spring", "    immutable: [spring|autumn]"))).toEqual(["lab"]);
    expect(() => read("2026.05.01", "    immutable: []")).toThrow(/may name another image/);
  });
});

it("gives what an entry comes to its place in the file", async () => {
  const images = readImagesFile(
    "lab:\n  repository: a/lab\n  policy:\n    pin:\n      - r1_0_0\n      - r9\n",
    "i",
  );
  const entry = images["lab"] ?? expect.fail("no lab");
  const at = (path?: string) =>
    ofEntry(entry, async () => {
      throw new LecternError({
        code: "c",
        severity: "error",
        message: "m",
        remedy: "R",
        ...(path && { path }),
      });
    });
  await expect(at("pin[1]")).rejects.toThrow("i:6:9 lab.policy.pin[1]: m. R.");
  await expect(at("cycle")).rejects.toThrow("i:4:5 lab.policy.cycle: m. R.");
  await expect(at()).rejects.toThrow("i:2:15 lab.repository: m. R.");
  await expect(at("lectern:images.a/b.rollback")).rejects.toThrow(/^lectern:images\.a\/b\.rollback: m/);
});

it.each([
  [
    "lab: {repository: ghcr.io/a/lab, polcy: {}}",
    /i:1:\d+ lab\.polcy: unknown key "polcy"\. Did you mean "policy"/,
  ],
  ["lab: {repository: ghcr.io/a/lab, policy: {weekly: 1}}", /lab\.policy\.weekly: unknown key.*"weeklies"/],
  ["lab:\n  repository: 'A B'", /i:2:\d+ lab\.repository: /],
  [
    "lab:\n  repository: ghcr.io/a/lab\n  alias: w_2026_10",
    /i:3:\d+ lab\.alias: the tag "w_2026_10" names one image/,
  ],
  ["lab: {repository: a/lab, alias: v1}", /i:1:33 lab\.alias: the tag "v1" names one image/],
  ["lab: {repository: a/lab, alias: 2024-01-15}", /"2024-01-15" names one image \(2024-01-15\)/],
  [
    "lab: {repository: a/lab, policy: {immutable: ['(']}}",
    /lab\.policy\.immutable\[0\]: expected one of version, date/,
  ],
  ["lab:\n  repository: ghcr.io/a/lab\n  alias: bad alias!", /i:3:\d+ lab\.alias: "bad alias!" is not a tag/],
  ["lab: {}", /lab\.repository/],
])("%j is refused", (text, message) => {
  expect(() => readImagesFile(text, "i")).toThrow(message);
});
