import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PROJECT, ProjectRepository } from "../testing/project.ts";
import { compareWithBase, textsAt } from "./base.ts";

let repository: ProjectRepository;
let first: string;
let others: string[];
beforeEach(() => {
  repository = new ProjectRepository();
  repository.git("init", "--quiet");
  first = repository.commit(PROJECT);
  others = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  repository.remove();
  for (const folder of others) rmSync(folder, { recursive: true });
});

const compare = (base: string, root = repository.root) => compareWithBase(root, base, ["catalog"]);

/** A clone with a part of the history. */
function clone(...options: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "lectern-clone-"));
  others.push(folder);
  execFileSync("git", ["clone", "--quiet", ...options, `file://${repository.root}`, folder], {
    stdio: "pipe",
  });
  return folder;
}

it("finds what was added, modified, deleted and renamed, committed or not", async () => {
  repository.commit({ "catalog/clusters/campus/prod.yaml": "a: 1\n", "README.md": null });
  repository.git("mv", "catalog/courses/bell", "catalog/courses/bells");
  repository.write({ "catalog/blogs/new ü\n.txt": "", "notes.txt": "", "index.ts": "// changed\n" });
  const { changed, commit } = await compare(first);
  expect(commit).toBe(first);
  expect([...changed].sort()).toEqual(
    [
      "README.md",
      "catalog/blogs/new ü\n.txt",
      "catalog/clusters/campus/prod.yaml",
      "catalog/courses/bell/course.json",
      "catalog/courses/bells/course.json",
      "index.ts",
    ].sort(),
  );
});

it("compares with the merge base, not with the base's tip", async () => {
  repository.git("switch", "--quiet", "--create", "change");
  repository.commit({ "catalog/clusters/campus/prod.yaml": "a: 1\n" });
  repository.git("switch", "--quiet", "main");
  repository.commit({ "catalog/clusters/campus/staging.yaml": "a: 1\n" });
  repository.git("switch", "--quiet", "change");
  expect(await compare("main")).toEqual({ commit: first, changed: ["catalog/clusters/campus/prod.yaml"] });
});

it("reads the repository of the folder, whatever a hook's environment names", async () => {
  const other = clone();
  const second = repository.commit({ "README.md": "# Read me\n" });
  repository.commit({ "catalog/clusters/campus/prod.yaml": "a: 1\n" });
  vi.stubEnv("GIT_DIR", join(other, ".git"));
  expect([...(await compare(second)).changed]).toEqual(["catalog/clusters/campus/prod.yaml"]);
});

it("says of a base of zeros that a new branch has none", async () => {
  await expect(compare("0".repeat(40))).rejects.toThrow(
    /new branch has as its base. Compare with the branch that it goes to: `lectern plan --base origin\/main`/,
  );
});

it("says of a shallow clone how to fetch the rest", async () => {
  repository.commit({ "catalog/clusters/campus/prod.yaml": "a: 1\n" });
  const shallow = clone("--depth", "1");
  await expect(compare(first, shallow)).rejects.toThrow(
    /the clone is shallow.*git fetch --unshallow.*fetch-depth: 0/,
  );
  execFileSync("git", ["fetch", "--quiet", "--unshallow"], { cwd: shallow });
  expect((await compare(first, shallow)).changed).toEqual(["catalog/clusters/campus/prod.yaml"]);
});

it("says of a shallow clone that has both ends how to fetch what is between them", async () => {
  repository.git("switch", "--quiet", "--create", "change");
  repository.commit({ "catalog/clusters/campus/prod.yaml": "a: 1\n" });
  repository.git("switch", "--quiet", "main");
  repository.commit({ "catalog/clusters/campus/staging.yaml": "a: 1\n" });
  const shallow = clone("--depth", "1", "--no-single-branch");
  await expect(compare("origin/change", shallow)).rejects.toThrow(/too shallow.*git fetch --unshallow/);
});

it("says of a base that is gone how to fetch it, and what to compare with if it can't be", async () => {
  const gone = "1234567890".repeat(4);
  await expect(compare(gone)).rejects.toThrow(
    new RegExp(`no commit ${gone}: a force-push.*git fetch origin ${gone}.*--base origin/main`),
  );
  await expect(compare("origin/main")).rejects.toThrow(/no revision "origin\/main".*git fetch origin/);
});

it("does not pass over what a force-push took away", async () => {
  const replaced = repository.commit({ "catalog/clusters/campus/prod.yaml": "a: 1\n" });
  repository.git("reset", "--quiet", "--hard", first);
  repository.commit({ "catalog/clusters/campus/staging.yaml": "a: 1\n" });
  await expect(compare(replaced)).rejects.toThrow(
    new RegExp(`a force-push has replaced it.*git diff --name-status ${replaced} HEAD > changed.txt`),
  );
});

it("says of another history, of an empty one, and of what is no revision that they can't be compared", async () => {
  repository.git("switch", "--quiet", "--orphan", "other");
  await expect(compare("main")).rejects.toThrow(/has no commit\. Commit the catalog/);
  repository.commit({ "README.md": "" });
  await expect(compare("main")).rejects.toThrow(/no commit in common/);
  for (const base of ["--output=x", "main..other", "", "$(touch x)", "main:README.md"]) {
    await expect(compare(base), base).rejects.toThrow(/has no revision/);
  }
});

it("reads files as a commit has them, those that it has not left out", async () => {
  const commit = repository.commit({ "catalog/ü x.bin": "a\n\nb\u0000", "catalog/empty": "" });
  repository.write({ "catalog/ü x.bin": "other" });
  const paths = ["catalog/none blob 3", "catalog/ü x.bin", "catalog", "a\nb", "catalog/empty", "Pulumi.yaml"];
  expect(await textsAt(repository.root, commit, paths)).toEqual(
    new Map([
      ["catalog/ü x.bin", "a\n\nb\u0000"],
      ["catalog/empty", ""],
      ["Pulumi.yaml", "name: ours\n"],
    ]),
  );
});
