import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PROJECT, ProjectRepository } from "../../plan/testing/project.ts";
import { capturePrinted, temporaryFolder } from "../../testing/command-test.ts";
import { FakeGithub } from "../testing/fake-github.ts";
import { decideDelegated } from "./delegated.ts";

const OURS = "my-university/teaching";
const OWNED = "/catalog/courses/bell/ @ada\n";

const folder = temporaryFolder("delegated");
const { out, err } = capturePrinted();
let origin: ProjectRepository;
let github: FakeGithub;
let head: string;
beforeEach(async () => {
  origin = new ProjectRepository();
  github = new FakeGithub();
  await github.start();
  for (const [name, value] of Object.entries(github.environment)) vi.stubEnv(name, value);
  vi.stubEnv("GITHUB_OUTPUT", join(folder, "outputs"));
  origin.git("init", "--quiet");
  origin.commit({ ...PROJECT, ".github/CODEOWNERS": OWNED });
  origin.git("switch", "--quiet", "--create", "change");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  origin.remove();
  await github.stop();
});

/** A pull request whose runs have passed, unless a test says otherwise. */
function opened(
  files: Readonly<Record<string, string>> = { "catalog/courses/bell/course.json": "{}" },
): void {
  head = origin.commit(files);
  origin.git("switch", "--quiet", "main");
  origin.git("update-ref", "refs/pull/12/head", head);
  execFileSync("git", [
    "clone",
    "--quiet",
    "--branch",
    "main",
    `file://${origin.root}`,
    join(folder, "checkout"),
  ]);
  github.pull(12, head, { author: "ada" });
  github.commits.set(12, [{ sha: head, author: { login: "ada" }, committer: { login: "web-flow" } }]);
  github.runs = ["check", "plan"].map((name, id) => ran(name, id, "success"));
}
const ran = (name: string, id: number, conclusion: string | null) => ({
  id,
  path: `.github/workflows/${name}.yml`,
  head_sha: head,
  head_repository: { full_name: OURS },
  conclusion,
});

async function decide(): Promise<string> {
  rmSync(join(folder, "outputs"), { force: true });
  const run = { id: 7, head_sha: head, head_branch: "change", head_repository: { full_name: OURS } };
  const repository = { full_name: OURS, default_branch: "main" };
  writeFileSync(join(folder, "event.json"), JSON.stringify({ repository, workflow_run: run }));
  const options = { event: join(folder, "event.json"), catalog: "catalog" };
  expect(await decideDelegated(join(folder, "checkout"), options), err.join("")).toBe(0);
  return existsSync(join(folder, "outputs")) ? readFileSync(join(folder, "outputs"), "utf8") : "";
}

describe("a pull request", () => {
  it("goes through by itself where its authors own what it changes", async () => {
    opened();
    expect(await decide()).toBe(`merge=true\nnumber=12\ncommit=${head}\n`);
  });

  it.each<[string, () => void, RegExp]>([
    [
      "touches what somebody else owns",
      () => opened({ "catalog/kernels/quantum/kernel.yaml": "display_name: X\n" }),
      /somebody else has to review it/,
    ],
    [
      "changes who owns what",
      () => opened({ ".github/CODEOWNERS": `${OWNED}* @ada\n` }),
      /somebody else has to review it/,
    ],
    [
      "has a commit of somebody else",
      () => {
        opened();
        github.commits.get(12)?.push({ sha: head, author: { login: "eve" }, committer: { login: "ada" } });
      },
      /somebody else has to review it/,
    ],
    [
      "has a commit that somebody else has made",
      () => {
        opened();
        github.commits.set(12, [{ sha: head, author: { login: "ada" }, committer: { login: "eve" } }]);
      },
      /somebody else has to review it/,
    ],
    [
      "has a commit of nobody whom GitHub knows",
      () => {
        opened();
        github.commits.set(12, [{ sha: head, author: null, committer: { login: "ada" } }]);
      },
      /of nobody whom GitHub knows/,
    ],
    [
      "has more commits than GitHub lists",
      () => {
        opened();
        const one = { sha: head, author: { login: "ada" }, committer: { login: "ada" } };
        github.commits.set(
          12,
          Array.from({ length: 250 }, () => one),
        );
      },
      /more commits than GitHub lists/,
    ],
    [
      "has not passed the check yet",
      () => {
        opened();
        github.runs = [ran("check", 3, null), ran("check", 1, "success"), ran("plan", 2, "success")];
      },
      /check has not passed/,
    ],
    [
      "has no plan",
      () => {
        opened();
        github.runs = [ran("check", 1, "success"), ran("plan", 2, "failure")];
      },
      /plan has not passed/,
    ],
    [
      "has another commit by now",
      () => {
        opened();
        origin.git("update-ref", "refs/pull/12/head", origin.git("rev-parse", "main"));
      },
      /another commit by now/,
    ],
    [
      "is a draft",
      () => {
        opened();
        github.pulls = [];
        github.pull(12, head, { author: "ada", draft: true });
      },
      /it is a draft/,
    ],
    [
      "is closed",
      () => {
        opened();
        github.pulls = [];
      },
      /no open pull request/,
    ],
  ])("that %s does not", async (_, prepare, message) => {
    prepare();
    expect(await decide()).toBe("merge=false\n");
    expect(out.join("")).toMatch(message);
  });
});
