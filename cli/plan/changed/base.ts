import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { commitOf, DEEPEN, isShallow, runGit } from "./repository.ts";

/** What the files on disk differ in from a base. */
export interface Compared {
  /** The merge base, by its full ID. */
  readonly commit: string;
  /** From the repository's root. */
  readonly changed: readonly string[];
}

/**
 * Compares the files on disk with the commit where they and a base have parted.
 * @param root the repository's
 * @param own what counts of the files that git does not track, from the repository's root
 * @throws {LecternError} where that commit can't be found, with the command that helps
 */
export async function compareWithBase(root: string, base: string, own: readonly string[]): Promise<Compared> {
  const commit = await mergeBase(root, base);
  const untracked = ["ls-files", "-z", "--others", "--exclude-standard", "--", ...own.map(literal)];
  const [diff, others] = await Promise.all([
    runGit(root, [
      "diff",
      "--name-only",
      "-z",
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      commit,
      "--",
    ]),
    runGit(root, untracked),
  ]);
  for (const { code, stderr } of [diff, others]) {
    if (code !== 0) throw new LecternError(gitFailed(stderr));
  }
  return { commit, changed: [...new Set([...entriesOf(diff.stdout), ...entriesOf(others.stdout)])] };
}

const literal = (path: string) => `:(literal)${path}`;
const entriesOf = (text: string) => text.split("\0").filter((path) => path !== "");

async function mergeBase(root: string, base: string): Promise<string> {
  if (/^0+$/.test(base)) throw new LecternError(allZeros(base));
  const [found, head] = await Promise.all([commitOf(root, base), commitOf(root, "HEAD")]);
  if (head === undefined) throw new LecternError(noCommit());
  if (found === undefined) throw new LecternError(await unknownBase(root, base));
  const merged = await runGit(root, ["merge-base", found, head]);
  const commit = merged.stdout.trim();
  if (merged.code !== 0 || commit === "") throw new LecternError(await unrelated(root, base));
  if (commit !== found && !(await isOnABranch(root, found))) throw new LecternError(forcePushed(base, found));
  return commit;
}

/** What a branch has is not what a force-push took away. */
async function isOnABranch(root: string, commit: string): Promise<boolean> {
  const { stdout } = await runGit(root, ["for-each-ref", "--count=1", "--contains", commit]);
  return stdout.trim() !== "";
}

const problem = (code: string, message: string, remedy: string): Problem => ({
  code,
  severity: "error",
  path: "--base",
  message,
  remedy,
});

const allZeros = (base: string) =>
  problem(
    "no-base",
    `${base} is no commit: it is what a push of a new branch has as its base`,
    "Compare with the branch that it goes to: `lectern plan --base origin/main`",
  );

const noCommit = () =>
  problem("no-commit", "the repository has no commit", "Commit the catalog: `git add --all && git commit`");

async function unknownBase(root: string, base: string): Promise<Problem> {
  const shown = JSON.stringify(base);
  if (await isShallow(root)) {
    return problem("shallow-clone", `the clone is shallow, and ${shown} is not a part of it`, DEEPEN);
  }
  const isHash = /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(base);
  return isHash
    ? problem(
        "base-gone",
        `the repository has no commit ${base}: a force-push has removed it, or it was never fetched`,
        `Fetch it with \`git fetch origin ${base}\`; where the server has it no more, compare with the branch: \`lectern plan --base origin/main\``,
      )
    : problem(
        "base-gone",
        `the repository has no revision ${shown}`,
        "Fetch it with `git fetch origin`, or name another one; `git branch --all` lists the branches",
      );
}

async function unrelated(root: string, base: string): Promise<Problem> {
  const shown = JSON.stringify(base);
  return (await isShallow(root))
    ? problem("shallow-clone", `the clone is too shallow to find where it and ${shown} have parted`, DEEPEN)
    : problem(
        "unrelated-base",
        `${shown} and HEAD have no commit in common`,
        "Name a base of this history, such as origin/main",
      );
}

const forcePushed = (base: string, commit: string) =>
  problem(
    "force-push",
    `no branch has ${JSON.stringify(base)} any more: a force-push has replaced it, and what it had deployed may have to be undone`,
    `Compare with it directly: \`git diff --name-status ${commit} HEAD > changed.txt\` and \`lectern plan --changed changed.txt\`; if it is the tip of a branch, fetch that branch`,
  );

const gitFailed = (stderr: string) =>
  problem("git", `git failed: ${stderr.trim().split("\n")[0]}`, "Correct what it reports");

/** Reads files as a commit has them, all with one call of git. @param paths from the repository's root */
export async function textsAt(
  root: string,
  commit: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  // A name with a line break would be two requests; what it had is then unknown.
  const asked = paths.filter((path) => !/[\r\n]/.test(path));
  if (asked.length === 0) return new Map();
  const input = asked.map((path) => `${commit}:${path}\n`).join("");
  const { bytes } = await runGit(root, ["cat-file", "--batch"], input);
  return batchTexts(bytes, asked);
}

function batchTexts(output: Buffer, paths: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const end = output.indexOf("\n", at);
    const [, type, size] = / (\w+) (\d+)$/.exec(output.toString("utf8", at, end)) ?? [];
    at = end + 1;
    if (size === undefined) continue;
    if (type === "blob") texts.set(path, output.toString("utf8", at, at + Number(size)));
    at += Number(size) + 1;
  }
  return texts;
}
