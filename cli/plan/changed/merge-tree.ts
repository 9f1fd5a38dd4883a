import { LecternError } from "../../../components/problem/problem.ts";
import { runGit } from "./repository.ts";

/** The tree that merging two commits makes, by its ID, or the files that are in conflict. */
type MergedTree = { readonly tree: string } | { readonly conflicts: readonly string[] };

/** Merges a head into a base without touching a branch or a file. @throws {LecternError} where git fails */
export async function mergeTree(root: string, base: string, head: string): Promise<MergedTree> {
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", base, head];
  const { code, stdout, stderr } = await runGit(root, args);
  const [tree = "", ...conflicts] = stdout.split("\0").filter((one) => one !== "");
  if (code === 0) return { tree };
  if (code === 1) return { conflicts: [...new Set(conflicts)] };
  throw new LecternError({
    code: "git",
    severity: "error",
    message: `git merge-tree failed: ${stderr.trim().split("\n")[0]}`,
    remedy:
      "Fetch the whole history: actions/checkout with `fetch-depth: 0`. Merging without a work tree needs git 2.38 or newer",
  });
}
