import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { LecternError } from "../../../problem/problem.ts";
import { testContext } from "../../../resource/testing/test-context.ts";
import { writeArticle, writeFiles } from "../testing/articles.ts";
import { articlePathInRepository, cloneUrl, repositoryOf } from "./repository.ts";

const PATH = process.env["PATH"];
afterEach(() => {
  process.env["PATH"] = PATH;
});

function git(root: string, ...args: string[]): string {
  const identity = [
    "-c",
    "user.name=A Lecturer",
    "-c",
    "user.email=lecturer@example.org",
    "-c",
    "init.defaultBranch=main",
  ];
  return execFileSync("git", ["-C", root, ...identity, ...args], { encoding: "utf8" }).trim();
}

/** A repository with one committed article, `catalog/courses/states`. */
async function repository(): Promise<{ root: string; article: string }> {
  const root = join(await writeArticle({}, "unused"), "..", "repository");
  const article = join(root, "catalog", "courses", "states");
  await writeFiles(article, { "course.json": {}, "one.ipynb": {}, ".gitignore": "*.tmp\nbuilt/\n" });
  git(root, "init", "-q");
  git(root, "add", "-A");
  git(root, "commit", "-qm", "Begin");
  return { root, article };
}

describe("a repository", () => {
  it("reports its commit, and no differences from it", async () => {
    const { root, article } = await repository();
    const facts = await repositoryOf(article, testContext());
    expect(facts).toMatchObject({ root, commit: git(root, "rev-parse", "HEAD"), pushed: false });
    expect(facts.url).toBeUndefined();
    expect(facts.uncommitted(article)).toEqual([]);
    expect(articlePathInRepository(facts, article)).toBe("catalog/courses/states");
    expect(articlePathInRepository(facts, root)).toBe(".");
  });

  it("lists what is modified, deleted, staged or untracked in a folder, and what is ignored only where it is needed", async () => {
    const { root, article } = await repository();
    await writeFiles(article, {
      "one.ipynb": { a: 1 },
      "neu ü.png": "x",
      "staged.png": "x",
      "a.tmp": "x",
      "built/b.png": "x",
    });
    await rm(join(article, "course.json"));
    await writeFiles(join(root, "catalog", "courses", "states-2"), { "course.json": "{}" });
    git(root, "add", "catalog/courses/states/staged.png");
    const facts = await repositoryOf(article, testContext());
    const inside = (name: string) => `catalog/courses/states/${name}`;
    const changed = ["course.json", "neu ü.png", "one.ipynb", "staged.png"].map(inside);
    expect(facts.uncommitted(article)).toEqual(changed);
    expect(facts.uncommitted(article, ["built/b.png", "one.ipynb", "no.png"])).toEqual(
      [inside("built/b.png"), ...changed].sort(),
    );
  });

  it("knows whether a remote has the commit, and where to clone it", async () => {
    const { root, article } = await repository();
    const remote = `${root}-remote.git`;
    git(root, "init", "-q", "--bare", remote);
    git(root, "remote", "add", "other", "https://example.org/other.git");
    git(root, "remote", "add", "origin", remote);
    git(root, "push", "-q", "origin", "HEAD:main");
    git(root, "config", "remote.origin.url", "git@github.com:org/courses.git");
    expect(await repositoryOf(article, testContext())).toMatchObject({
      pushed: true,
      url: "https://github.com/org/courses.git",
    });
  });

  it("is asked with a constant number of processes, however many articles ask at once", async () => {
    const { root } = await repository();
    const folders = Array.from({ length: 200 }, (_, index) => join(root, "catalog", "courses", `c${index}`));
    await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
    const bin = join(root, "..", "bin");
    const log = join(root, "..", "calls");
    await mkdir(bin);
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    await writeFile(join(bin, "git"), `#!/bin/sh\necho "$@" >> '${log}'\nexec '${real}' "$@"\n`);
    await chmod(join(bin, "git"), 0o755);
    process.env["PATH"] = `${bin}${delimiter}${PATH}`;
    const run = testContext();
    const facts = await Promise.all(folders.map((folder) => repositoryOf(folder, run)));
    for (const [index, one] of facts.entries()) one.uncommitted(folders[index] ?? "");
    expect(new Set(facts).size).toBe(1);
    expect((await readFile(log, "utf8")).trim().split("\n").length).toBe(4);
  });

  it("of a folder inside another one is the inner one", async () => {
    const outer = await repository();
    const run = testContext();
    await repositoryOf(outer.article, run);
    const inner = join(outer.article, "inner");
    await writeFiles(inner, { "a.txt": "a" });
    git(inner, "init", "-q");
    git(inner, "add", "-A");
    git(inner, "commit", "-qm", "Inner");
    expect((await repositoryOf(inner, run)).root).toBe(inner);
  });
});

describe("no repository", () => {
  it("is an error with its remedy", async () => {
    const folder = await writeArticle();
    await expect(repositoryOf(folder, testContext())).rejects.toThrow(LecternError);
    await expect(repositoryOf(folder, testContext())).rejects.toMatchObject({
      problems: [{ code: "no-repository", file: folder }],
    });
  });

  it("without a commit is another, until there is one", async () => {
    const folder = await writeArticle();
    const run = testContext();
    git(folder, "init", "-q");
    await expect(repositoryOf(folder, run)).rejects.toMatchObject({ problems: [{ code: "no-commit" }] });
    git(folder, "add", "-A");
    git(folder, "commit", "-qm", "Begin");
    expect((await repositoryOf(folder, run)).commit).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe("the address to clone", () => {
  it.each([
    ["git@github.com:org/repo.git", "https://github.com/org/repo.git"],
    ["github.com:org/repo.git", "https://github.com/org/repo.git"],
    ["ssh://git@github.com/org/repo.git", "https://github.com/org/repo.git"],
    ["ssh://git@gitlab.example:2222/group/repo.git", "https://gitlab.example/group/repo.git"],
    ["git+ssh://git@github.com/org/repo", "https://github.com/org/repo"],
    ["https://github.com/org/repo.git", "https://github.com/org/repo.git"],
    ["https://token@github.com/org/repo.git", "https://github.com/org/repo.git"],
    [
      "https://x-access-token:secret@github.com/org/repo.git?a=secret#secret",
      "https://github.com/org/repo.git",
    ],
    ["https://git.example:8443/org/repo.git", "https://git.example:8443/org/repo.git"],
    ["/srv/git/repo.git", "/srv/git/repo.git"],
    ["C:\\repos\\repo", "C:\\repos\\repo"],
  ])("of %s is %s", (remote, expected) => {
    expect(cloneUrl(remote)).toBe(expected);
  });
});
