import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BASE, CLUSTER } from "../../plan/delegation/testing/some-change.ts";
import { ProjectRepository } from "../plan/testing/project.ts";
import { capturePrinted } from "../testing/command-test.ts";
import { delegate } from "./delegate.ts";

const { out, err } = capturePrinted();
const COURSE = "catalog/courses/bell/course.json";
let repository: ProjectRepository;
beforeEach(() => {
  repository = new ProjectRepository();
  repository.git("init", "--quiet");
  repository.commit({ "Pulumi.yaml": "name: ours\n", "index.ts": "", ...BASE });
  repository.git("switch", "--quiet", "--create", "change");
});
afterEach(() => repository.remove());

const ask = (author: string[], options: Partial<Parameters<typeof delegate>[1]> = {}) =>
  delegate(repository.root, { base: "main", head: "change", author, catalog: "catalog", ...options });

it("says yes with exit code 0, and why", async () => {
  repository.commit({ [COURSE]: "{ }" });
  expect(await ask(["grace"])).toBe(0);
  expect(out.join("")).toBe(
    `grace may decide this change alone\n  ✓ ${COURSE}: .github/CODEOWNERS:2 gives it to @Grace\n`,
  );
});

it("says no with exit code 3, and why, for each author", async () => {
  repository.commit({ [COURSE]: "{ }", "index.ts": "// changed\n" });
  expect(await ask(["grace", "ada"], { json: true, teams: ["@org/biology"] })).toBe(3);
  const document = JSON.parse(out.join(""));
  expect(document).toMatchObject({
    delegated: false,
    base: repository.git("rev-parse", "main"),
    head: repository.git("rev-parse", "change"),
    authors: [
      {
        author: "grace",
        files: [
          { path: COURSE, delegated: true },
          { path: "index.ts", delegated: false },
        ],
      },
      {
        author: "ada",
        files: [
          { path: COURSE, delegated: false },
          { path: "index.ts", delegated: false },
        ],
      },
    ],
  });
});

it("does not count what the base has gained since, but lets its newest rules decide", async () => {
  repository.commit({ [COURSE]: "{ }" });
  repository.git("switch", "--quiet", "main");
  repository.commit({ "index.ts": "// changed\n" });
  expect(await ask(["grace"])).toBe(0);
  repository.commit({ ".github/CODEOWNERS": "* @org/platform\n" });
  expect(await ask(["grace"])).toBe(3);
});

it("judges what merging makes of the files, not what the head has", async () => {
  const profiles = `${CLUSTER}/profiles.yaml`;
  const long = `${BASE[profiles]}${"# filler\n".repeat(20)}`;
  repository.git("switch", "--quiet", "main");
  repository.commit({ [profiles]: `${long}- display_name: Last\n` });
  repository.git("branch", "--force", "change");
  repository.commit({ [profiles]: `${long}- display_name: Last\n  node_groups: gpu\n` });
  repository.git("switch", "--quiet", "change");
  repository.commit({ [profiles]: `${long.replace("Standard", "Ordinary")}- display_name: Last\n` });
  // In the head, infrastructure's profile seems to have lost its node group.
  expect(await ask(["ada"])).toBe(0);
});

it("takes a rename for what it is: two files", async () => {
  repository.git("mv", COURSE, "catalog/courses/bell/other.json");
  repository.commit();
  expect(await ask(["grace"])).toBe(3);
  expect(out.join("")).toContain(`✗ ${COURSE}: it removes an article\n`);
});

it("refuses a link in the place of a file", async () => {
  symlinkSync("/etc/passwd", join(repository.root, "catalog/courses/bell/a.ipynb"));
  repository.commit();
  expect(await ask(["grace"])).toBe(3);
  expect(out.join("")).toContain("it is a link or a submodule");
});

it("prints names of files without anything that a terminal would obey", async () => {
  repository.commit({ "catalog/courses/bell/\u001b[2J\n::set-output name=x::y": "" });
  expect(await ask(["grace"])).toBe(0);
  expect(out.join("").split("\n")).toHaveLength(3);
  expect(out.join("")).not.toContain("\u001b");
});

it.each([
  ["an unknown base", { base: "none" }, /--base: the repository has no revision "none"\. Fetch it/],
  ["an unknown head", { head: "--output=x" }, /--head: the repository has no revision/],
] as const)("fails with exit code 1 for %s", async (_, options, message) => {
  expect(await ask(["grace"], options)).toBe(1);
  expect(err.join("")).toMatch(message);
  expect(out).toEqual([]);
});

it("fails with exit code 1 where the change has a conflict, or another history", async () => {
  repository.commit({ [COURSE]: "{1}" });
  repository.git("switch", "--quiet", "main");
  repository.commit({ [COURSE]: "{2}" });
  expect(await ask(["grace"])).toBe(1);
  expect(err.join("")).toMatch(/can't be merged without a conflict/);
  repository.git("switch", "--quiet", "--orphan", "other");
  repository.commit();
  expect(await ask(["grace"], { head: "other" })).toBe(1);
  expect(err.join("")).toMatch(/no commit in common/);
});
