import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { git, type Repository } from "../../components/article/source/git/repository.ts";
import { LecternError } from "../../components/problem/problem.ts";

/**
 * Makes a repository with the commit and the remote of the author's in a folder, and shares its objects. What else is
 * in the author's, such as credentials that an earlier step wrote, is not in it.
 */
export async function shareCommit({ root, commit, url, pushed }: Repository, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await git(folder, ["init", "--quiet", "--initial-branch=main"]);
  const common = (await git(root, ["rev-parse", "--path-format=absolute", "--git-common-dir"])).trimEnd();
  const own = join(folder, ".git");
  writeFileSync(join(own, "objects/info/alternates"), `${join(common, "objects")}\n`);
  const shallow = join(common, "shallow");
  if (existsSync(shallow)) copyFileSync(shallow, join(own, "shallow"));
  await git(folder, ["update-ref", "refs/heads/main", commit]);
  if (url !== undefined) await git(folder, ["config", "remote.origin.url", url]);
  if (pushed) await git(folder, ["update-ref", "refs/remotes/origin/main", commit]);
  await git(folder, ["read-tree", "HEAD"]);
}

/**
 * Checks out the shared commit, with the course at the folder's root: its paths start at the repository's root,
 * wherever the file itself is. To git, the commit then holds it there.
 * @throws {LecternError} where the commit has no such file
 */
export async function checkOutCourse(
  { commit }: Repository,
  folder: string,
  coursePath: string,
): Promise<void> {
  const blob = (
    await git(folder, ["rev-parse", "--verify", "--quiet", `${commit}:${coursePath}`]).catch(() => "")
  ).trim();
  if (blob === "") {
    throw new LecternError({
      code: "no-course-json",
      severity: "error",
      path: "course-json-path",
      message: `the commit ${commit.slice(0, 12)} has no file ${JSON.stringify(coursePath)}`,
      remedy: "Commit it, or write its path from the repository's root",
    });
  }
  if (coursePath !== "course.json") {
    await git(folder, ["update-index", "--add", "--cacheinfo", `100644,${blob},course.json`]);
    const tree = (await git(folder, ["write-tree"])).trim();
    const other = (
      await git(folder, [...AUTHOR, "commit-tree", "-m", "course.json at the root", tree])
    ).trim();
    await git(folder, ["replace", commit, other]);
  }
  await git(folder, [...NO_LFS, "checkout-index", "--all", "--force"]);
}

const AUTHOR = ["-c", "user.name=lectern", "-c", "user.email=lectern@localhost"];
/** Files in LFS stay pointers: their content would have to be fetched. */
const NO_LFS = ["-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false"];
