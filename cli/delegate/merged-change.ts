import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { ChangedFile } from "../../plan/delegation/question.ts";
import { mergeTree } from "../plan/changed/merge-tree.ts";
import { commitOf, DEEPEN, type GitResult, isShallow, runGit } from "../plan/changed/repository.ts";

/** What merging a head would make of a base. */
export interface MergedChange {
  /** The base's commit. */
  readonly base: string;
  readonly head: string;
  /** The tree that merging would make, by its ID. */
  readonly merged: string;
  readonly changed: readonly ChangedFile[];
}

/**
 * Merges a head into a base, without touching any branch or file, and compares the result with the base. So the base's newest
 * rules count, and what it gained after the head was made is no part of the change.
 * @throws {LecternError} where a revision is unknown, or they can't be merged
 */
export async function mergedChange(root: string, baseName: string, headName: string): Promise<MergedChange> {
  const [base, head] = await Promise.all([
    knownCommit(root, baseName, "--base"),
    knownCommit(root, headName, "--head"),
  ]);
  const ancestor = await runGit(root, ["merge-base", base, head]);
  if (ancestor.code !== 0) throw new LecternError(await unrelated(root));
  const result = await mergeTree(root, base, head);
  if ("conflicts" in result) throw new LecternError(inConflict());
  const merged = result.tree;
  const diff = await runGit(root, [
    "diff-tree",
    "-r",
    "-z",
    "--raw",
    "--no-renames",
    `${base}^{tree}`,
    merged,
  ]);
  if (diff.code !== 0) throw new LecternError(gitFailed(diff));
  return { base, head, merged, changed: changedIn(diff.stdout) };
}

const PLAIN = new Set(["100644", "100755", "000000"]);
const KINDS: Readonly<Record<string, ChangedFile["kind"]>> = { A: "added", D: "deleted" };

/** Takes `:<mode> <mode> <id> <id> <kind>` and the path after it apart. */
function changedIn(raw: string): ChangedFile[] {
  const fields = raw.split("\0");
  return fields.flatMap((field, index) => {
    if (index % 2 === 1 || !field.startsWith(":")) return [];
    const [before = "", after = "", , , letter = ""] = field.slice(1).split(" ");
    const isSpecial = !PLAIN.has(before) || !PLAIN.has(after);
    return [{ path: fields[index + 1] ?? "", kind: KINDS[letter] ?? "modified", isSpecial }];
  });
}

async function knownCommit(root: string, revision: string, option: string): Promise<string> {
  const commit = await commitOf(root, revision);
  if (commit !== undefined) return commit;
  throw new LecternError(
    problem(
      "unknown-revision",
      `the repository has no revision ${JSON.stringify(revision)}`,
      (await isShallow(root)) ? DEEPEN : "Fetch it with `git fetch origin`, or name another one",
      option,
    ),
  );
}

const unrelated = async (root: string) =>
  problem(
    "unrelated-revisions",
    "base and head have no commit in common",
    (await isShallow(root)) ? DEEPEN : "Name a base of the head's history, such as origin/main",
  );

const inConflict = () =>
  problem(
    "conflict",
    "base and head can't be merged without a conflict",
    "Bring the head up to date with its base",
  );

const gitFailed = ({ stderr }: GitResult) =>
  problem("git", `git failed: ${stderr.trim().split("\n")[0]}`, "Correct what it reports");

const problem = (code: string, message: string, remedy: string, path?: string): Problem => ({
  code,
  severity: "error",
  ...(path === undefined ? {} : { path }),
  message,
  remedy,
});
