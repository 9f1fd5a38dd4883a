import { commitOf } from "../../../../cli/plan/changed/repository.ts";
import { LecternError } from "../../../../components/problem/problem.ts";
import { git, problem, tryGit } from "./git.ts";
import { type CommitContent, writeCommit } from "./write-commit.ts";

/** A line of a commit's message that names the draft that it is of. */
const TRAILER = "Studio-Draft";

export interface BranchContent extends Omit<CommitContent, "message"> {
  readonly branch: string;
  /** Says which draft it is: the same draft is proposed once. */
  readonly draft: string;
  readonly title: string;
}

/** A branch with the commit of a draft. */
export interface Branch {
  readonly commit: string;
  /** What the branch had before. */
  readonly before: string | undefined;
}

/**
 * Puts a draft on a branch of its own: a new one, or the one that it has already, on top of its parent.
 * @throws {LecternError} where the branch has something else, or git fails
 */
export async function writeBranch(root: string, content: BranchContent): Promise<Branch> {
  const { branch, draft, title } = content;
  const ref = `refs/heads/${branch}`;
  const before = await commitOf(root, ref);
  if (before !== undefined && (await draftOf(root, before)) !== draft) throw new LecternError(taken(branch));
  const commit = await writeCommit(root, { ...content, message: `${title}\n\n${TRAILER}: ${draft}\n` });
  if (before !== undefined && (await isSame(root, before, commit))) return { commit: before, before };
  if (await isCheckedOut(root, ref)) throw new LecternError(checkedOut(branch));
  await git(root, ["update-ref", "-m", "studio: propose", ref, commit, before ?? "0".repeat(commit.length)]);
  return { commit, before };
}

const draftOf = async (root: string, commit: string) =>
  git(root, ["show", "--no-patch", `--format=%(trailers:key=${TRAILER},valueonly,separator=)`, commit]);

/** Whether two commits have the same files and the same parent: they may be of different times. */
async function isSame(root: string, one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map((id) => git(root, ["show", "--no-patch", "--format=%T %P", id])),
  );
  return a === b;
}

/** Moving a branch that somebody works on would change what their files are compared with. */
async function isCheckedOut(root: string, ref: string): Promise<boolean> {
  const { stdout } = await tryGit(root, ["worktree", "list", "--porcelain"]);
  return stdout.split("\n").includes(`branch ${ref}`);
}

const taken = (branch: string) =>
  problem(
    "branch-exists",
    `the repository has a branch ${branch} with something else`,
    `Rename or delete it: \`git branch --move ${branch} <other name>\``,
  );

const checkedOut = (branch: string) =>
  problem(
    "branch-checked-out",
    `the branch ${branch} is checked out, so it can't be brought up to date here`,
    "Switch to another branch: `git switch main`, and propose again",
  );
