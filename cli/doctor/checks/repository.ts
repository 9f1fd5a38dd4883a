import { type Finding, failed, passed } from "../finding.ts";
import type { World } from "../world.ts";

/** qBook clones the repository, so there has to be a remote, and it has to have the commit. */
export async function checkRepository(world: World): Promise<Finding[]> {
  const git = (...args: string[]) => world.run("git", ...args);
  const inside = await git("rev-parse", "--is-inside-work-tree");
  if (inside.code === 127)
    return [failed("git is not on PATH", "Install git: https://git-scm.com/downloads")];
  if (inside.code !== 0) return [failed("the project is in no git repository", "git init")];
  const commit = await git("rev-parse", "--short", "HEAD");
  if (commit.code !== 0) return [failed("the repository has no commit", "git add --all && git commit")];
  const remotes = (await git("remote")).stdout.split("\n").filter((name) => name !== "");
  if (remotes.length === 0) {
    const create = "git remote add origin https://github.com/ORGANIZATION/REPOSITORY.git";
    return [failed("the repository has no remote, from which qBook could clone it", create)];
  }
  const holding = (await git("branch", "--remotes", "--contains", "HEAD", "--format=%(refname:short)"))
    .stdout;
  const [branch] = holding.split("\n").filter((name) => name !== "");
  const short = commit.stdout.trim();
  if (branch === undefined)
    return [failed(`no remote branch has the commit ${short}`, "git push -u origin HEAD")];
  return [passed(`the repository has a remote, and ${branch} has the commit ${short}`)];
}
