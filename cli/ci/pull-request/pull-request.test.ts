import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TOKEN } from "../../comment/github/testing/github-stand-in.ts";
import { capturePrinted, temporaryFolder } from "../../testing/command-test.ts";
import { FakeGithub } from "../testing/fake-github.ts";
import { type ZipEntry, zipOf } from "../testing/zip.ts";
import { findPullRequest } from "./pull-request.ts";

const OURS = "my-university/teaching";
const FORK = "somebody/teaching";
const SHA = "3e1a9d45c0f1b2a39485766554433221100ffeed";
const OTHER = "0123456789012345678901234567890123456789";

const folder = temporaryFolder("ci");
const { out, err } = capturePrinted();
let github: FakeGithub;
beforeEach(async () => {
  github = new FakeGithub();
  await github.start();
  for (const [name, value] of Object.entries(github.environment)) vi.stubEnv(name, value);
  vi.stubEnv("GITHUB_OUTPUT", join(folder, "outputs"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await github.stop();
});

const PLAN = {
  version: 1,
  ...{ support: [], staging: [], prod: [], kernels: [], images: [], labels: [], untracked: [] },
  articles: [{ type: "course", slug: "bell", reasons: ["files changed"] }],
  stacks: {
    staging: [{ stack: "staging", parts: ["articles"] }],
    prod: [{ stack: "prod", parts: ["articles"] }],
  },
};
const left = (...entries: ZipEntry[]) => github.artifacts.set(7, [{ name: "plan", zip: zipOf(entries) }]);
const plan = (value: unknown = PLAN): ZipEntry => ({ name: "plan.json", content: JSON.stringify(value) });

const repository = { full_name: OURS, default_branch: "main" };
const ended = (more: { branch?: string; from?: string; sha?: string } = {}) => ({
  repository,
  workflow_run: {
    id: 7,
    head_sha: more.sha ?? SHA,
    head_branch: more.branch ?? "change",
    head_repository: { full_name: more.from ?? OURS },
    // What a run says of itself is not asked.
    pull_requests: [{ number: 99 }],
  },
});
const asked = (number: string, commit: string) => ({ repository, inputs: { number, commit } });

const waited: number[] = [];
const clock = { now: Date.now, sleep: async (time: number) => void waited.push(time) };

/** Runs the command on an event; what the outputs are. */
async function run(event: unknown): Promise<Record<string, string>> {
  rmSync(join(folder, "outputs"), { force: true });
  writeFileSync(join(folder, "event.json"), JSON.stringify(event));
  const options = { event: join(folder, "event.json"), artifact: "plan", output: join(folder, "planned") };
  waited.length = 0;
  const code = await findPullRequest(options, { fetch, clock });
  if (code !== 0) throw new Error(err.join(""));
  expect([...out, ...err].join("")).not.toContain(TOKEN);
  if (!existsSync(join(folder, "outputs"))) return {};
  const lines = readFileSync(join(folder, "outputs"), "utf8").trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
}
const planned = () =>
  existsSync(join(folder, "planned")) ? readdirSync(join(folder, "planned")).sort() : [];
const why = () => JSON.parse(readFileSync(join(folder, "planned/not-previewed.json"), "utf8"));

describe("lectern ci pull-request", () => {
  it("finds a pull request of the repository, and previews what changes data alone", async () => {
    github.pull(12, SHA);
    github.files.set(12, [{ filename: "catalog/courses/bell/1.ipynb" }, { filename: "README.md" }]);
    left(plan());
    expect(await run(ended())).toEqual({
      number: "12",
      commit: SHA,
      preview: "true",
      program: "base",
      environments: '["staging","prod"]',
      stacks: '["staging","prod"]',
    });
    expect(planned()).toEqual(["plan.json"]);
  });

  it.each(["Pulumi.prod.yaml", "Pulumi.staging-campus.yaml", "Pulumi.sandbox.yaml"])(
    "leaves it to the checkout whether the settings in %s are data",
    async (filename) => {
      github.pull(12, SHA);
      github.files.set(12, [{ filename }]);
      expect(await run(ended())).toMatchObject({ preview: "true", program: "base" });
    },
  );

  it("previews all of a commit that a maintainer names, also what leads to a cluster", async () => {
    github.pull(12, SHA);
    github.files.set(12, [{ filename: "catalog/clusters/campus/cluster.yaml" }]);
    expect(await run(asked("12", SHA))).toMatchObject({ preview: "true", program: "head" });
  });

  it("gives a fork a plan, and no credentials", async () => {
    github.pull(12, SHA, { from: FORK });
    github.files.set(12, [{ filename: "catalog/courses/bell/1.ipynb" }]);
    left(plan());
    expect(await run(ended({ from: FORK }))).toMatchObject({ number: "12", preview: "false" });
    expect(why()).toMatchObject({ why: "fork" });
    expect(planned()).toEqual(["not-previewed.json", "plan.json"]);
  });

  it.each([
    "index.ts",
    "package.json",
    "package-lock.json",
    ".github/workflows/deploy.yml",
    ".github/CODEOWNERS",
    "Pulumi.yaml",
    "Pulumi.other.yaml",
    "sub/Pulumi.prod.yaml",
    ".npmrc",
    "catalog.ts",
  ])("gives no credentials where %s changes, and names it", async (filename) => {
    github.pull(12, SHA);
    github.files.set(12, [{ filename: "catalog/a" }, { filename }]);
    expect(await run(ended())).toMatchObject({ preview: "false" });
    expect(why()).toMatchObject({ why: "program", paths: [filename] });
  });

  it("takes a renamed file for the one that it was, too", async () => {
    github.pull(12, SHA);
    github.files.set(12, [{ filename: "catalog/index.ts", previous_filename: "index.ts" }]);
    await run(ended());
    expect(why()).toMatchObject({ why: "program", paths: ["index.ts"] });
  });

  it("gives no credentials where GitHub does not list all files", async () => {
    github.pull(12, SHA);
    github.files.set(
      12,
      Array.from({ length: 3_000 }, (_, index) => ({ filename: `catalog/${index}` })),
    );
    expect(await run(ended())).toMatchObject({ preview: "false" });
    expect(why()).toMatchObject({ why: "program", paths: [] });
  });

  it("previews the program of a pull request where a maintainer names the commit that it has", async () => {
    github.pull(12, SHA, { from: FORK });
    github.files.set(12, [{ filename: "package-lock.json" }]);
    github.runs = [
      { id: 5, path: ".github/workflows/check.yml", head_sha: SHA, head_repository: { full_name: FORK } },
      { id: 6, path: ".github/workflows/plan.yml", head_sha: SHA, head_repository: { full_name: "x/y" } },
      { id: 7, path: ".github/workflows/plan.yml", head_sha: SHA, head_repository: { full_name: FORK } },
    ];
    left(plan());
    expect(await run(asked("12", SHA))).toMatchObject({ number: "12", preview: "true", program: "head" });
    expect(planned()).toEqual(["plan.json"]);
    expect(await run(asked("12", OTHER))).toEqual({});
    await expect(run(asked("12", "main"))).rejects.toThrow(/commit.*expected the whole ID/);
    await expect(run(asked("12; rm -rf /", SHA))).rejects.toThrow(/number.*expected the number/);
  });

  it.each<[string, () => void, unknown]>([
    ["another commit by now", () => github.pull(12, OTHER), ended()],
    ["a pull request that is closed", () => github.pull(12, SHA, { state: "closed" }), ended()],
    ["a pull request to another branch", () => github.pull(12, SHA, { base: "next" }), ended()],
    ["another repository's branch of the same name", () => github.pull(12, SHA, { from: FORK }), ended()],
    [
      "another fork of the same owner",
      () => github.pull(12, SHA, { from: "somebody/other" }),
      ended({ from: FORK }),
    ],
    ["a fork that is deleted", () => github.pull(12, SHA, { from: null }), ended({ from: FORK })],
  ])("comments on nothing for %s", async (_, prepare, event) => {
    prepare();
    left(plan());
    expect(await run(event)).toEqual({});
    expect(out.join("")).toMatch(/^Nothing to comment on: /);
    expect(github.calls.filter((call) => call.includes("artifacts"))).toEqual([]);
  });

  it("asks for a branch by its whole name, whatever is in it", async () => {
    const branch = `x&state=all"'$(touch pwned)#@everyone:ü\n::set-output name=number::1`;
    github.pull(12, SHA, { ref: branch, from: FORK });
    expect(await run(ended({ branch, from: FORK }))).toMatchObject({ number: "12" });
    expect(out.join("").match(/^::/gm)).toHaveLength(1);
  });

  it("waits where GitHub asks for it, and fails where it refuses", async () => {
    github.pull(12, SHA);
    left(plan());
    const message = "You have exceeded a secondary rate limit";
    github.troubles.push(
      { path: /pulls\?/, status: 403, headers: { "retry-after": "7" }, message },
      { path: /files/, status: 502 },
    );
    expect(await run(ended())).toMatchObject({ number: "12" });
    expect(waited[0]).toBe(7_000);
    github.troubles.push({ path: /pulls\?/, status: 403, message: "Resource not accessible by integration" });
    await expect(run(ended())).rejects.toThrow(
      /GitHub refuses the pull requests \(403.*Give the job `permissions/,
    );
    await expect(run({ action: "completed" })).rejects.toThrow(/event\.json.*repository/);
  });
});

describe("the artifact of somebody else's run", () => {
  beforeEach(() => {
    github.pull(12, SHA);
    github.files.set(12, [{ filename: "catalog/courses/bell/1.ipynb" }]);
  });
  const inside = "canary-outside";

  it("has no say in which pull request it is, or what is read beside its files", async () => {
    left(
      { name: "number", content: "99" },
      { name: "not-previewed.json", content: '{"why": "moved"}' },
      { name: "nested/plan.json", content: "{}" },
      plan(),
    );
    expect(await run(ended())).toMatchObject({ number: "12", preview: "true" });
    expect(planned()).toEqual(["plan.json"]);
  });

  it.each<[string, () => void, RegExp]>([
    ["is missing", () => {}, /the run has not left it/],
    [
      "has expired",
      () => github.artifacts.set(7, [{ name: "plan", zip: Buffer.of(), expired: true }]),
      /expired/,
    ],
    [
      "says that it is huge",
      () => github.artifacts.set(7, [{ name: "plan", zip: zipOf([plan()]), size: 2 ** 30 }]),
      /8 MiB/,
    ],
    [
      "is huge, and says that it is not",
      () => github.artifacts.set(7, [{ name: "plan", zip: Buffer.alloc(9 * 2 ** 20), size: 10 }]),
      /8 MiB/,
    ],
    [
      "is no archive",
      () => github.artifacts.set(7, [{ name: "plan", zip: Buffer.from("hello") }]),
      /no archive/,
    ],
    [
      "has a path that leads out",
      () => left({ name: "../plan.json", content: inside }, plan()),
      /no archive/,
    ],
    ["has an absolute path", () => left({ name: "/etc/plan.json", content: inside }, plan()), /no archive/],
    [
      "has a file that unpacks to more than is read",
      () => left({ name: "plan.json", content: Buffer.alloc(17 * 2 ** 20) }),
      /larger than 16 MiB/,
    ],
    [
      "lies about a file's size",
      () => left({ name: "plan.json", content: JSON.stringify(PLAN), size: 10 }),
      /no archive/,
    ],
    [
      "has a link instead of a plan",
      () => left({ name: "plan.json", content: "/etc/passwd", mode: 0o120777 }),
      /not JSON/,
    ],
    ["has a plan of another shape", () => left(plan({ ...PLAN, stacks: "all" })), /stacks/],
  ])("that %s is a warning, and the comment goes without it", async (_, prepare, message) => {
    prepare();
    expect(await run(ended())).toMatchObject({ number: "12", preview: "true", stacks: '"all"' });
    expect(out.join("")).toMatch(message);
    expect(
      out
        .join("")
        .split("\n")
        .filter((line) => line.startsWith("::")),
    ).toHaveLength(1);
    expect(planned()).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["event.json", "outputs", "planned"]);
  });

  it("names no stack that is not one", async () => {
    const hostile = ["prod", "prod-$(id)", "prod\nnumber=1", "../prod", "other", "staging-campus", '"]'];
    const stacks = { staging: hostile.map((stack) => ({ stack, parts: [] })), prod: [] };
    left(plan({ ...PLAN, stacks }));
    expect(await run(ended())).toMatchObject({ number: "12", stacks: '["prod","staging-campus"]' });
  });

  it("that plans nothing leads to no preview", async () => {
    left(plan({ ...PLAN, stacks: { staging: [], prod: [] } }));
    expect(await run(ended())).toMatchObject({ preview: "false", environments: "[]" });
  });
});
