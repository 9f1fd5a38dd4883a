import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LecternError } from "../../../components/problem/problem.ts";
import type { NotPreviewed } from "../../../plan/comment/not-previewed.ts";
import { repositoryRoot, runGit } from "../../plan/changed/repository.ts";
import { setOutputs } from "../job-output.ts";
import { fetchPull } from "./fetch-pull.ts";
import { type Git, gitIn } from "./git.ts";
import { mergedTree } from "./merged-tree.ts";

export interface WorkspaceOptions {
  readonly number: number;
  readonly commit: string;
  readonly program: "base" | "head";
  readonly catalog: string;
  /** Where it is written why there is no workspace. */
  readonly notPreviewed?: string;
}

/**
 * `lectern ci workspace`: checks out what merging a pull request leads to, in the checkout of its base: the base's program over
 * the merged catalog, as data.
 * @returns the exit code: 0 also where there is no workspace, which the output `ready` and a file say
 */
export async function makeWorkspace(folder: string, options: WorkspaceOptions): Promise<0 | 1> {
  try {
    const root = repositoryRoot(folder) ?? folder;
    const why = await prepare(root, options);
    await setOutputs({ ready: String(why === undefined) });
    if (why && options.notPreviewed !== undefined) {
      await mkdir(dirname(options.notPreviewed), { recursive: true });
      await writeFile(options.notPreviewed, `${JSON.stringify(why, null, 2)}\n`);
    }
    process.stdout.write(
      why
        ? `No workspace: ${why.why}\n`
        : `The catalog is that of ${options.commit.slice(0, 12)} merged with the base.\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

async function prepare(root: string, options: WorkspaceOptions): Promise<NotPreviewed | undefined> {
  const { number, commit, catalog, program } = options;
  const git = gitIn(root);
  const base = (await git(["rev-parse", "--verify", "HEAD^{commit}"])).trim();
  const head = await fetchPull(git, number);
  if (head !== commit) return { why: "moved", paths: [] };
  const merged = await mergedTree({ root, base, head, catalog, program });
  if (!("tree" in merged)) return merged;
  await checkOut(root, git, { base, head, tree: merged.tree });
  return undefined;
}

const LECTERN = { name: "Lectern", email: "lectern@localhost" };

/** A commit of the tree, on a branch of the remote as far as this clone knows: only such commits are deployed. */
async function checkOut(
  root: string,
  git: Git,
  { base, head, tree }: { readonly base: string; readonly head: string; readonly tree: string },
): Promise<void> {
  const author = {
    GIT_AUTHOR_NAME: LECTERN.name,
    GIT_AUTHOR_EMAIL: LECTERN.email,
    GIT_COMMITTER_NAME: LECTERN.name,
    GIT_COMMITTER_EMAIL: LECTERN.email,
  };
  const args = ["commit-tree", tree, "-p", base, "-p", head, "-m", "What merging leads to"];
  const commit = (await git(args, author)).trim();
  await git(["update-ref", "refs/remotes/origin/lectern-preview", commit]);
  const { code, stderr } = await runGit(root, [
    "-c",
    "core.hooksPath=/dev/null",
    "checkout",
    "--quiet",
    "--detach",
    commit,
  ]);
  if (code === 0) return;
  throw new LecternError({
    code: "git",
    severity: "error",
    message: `git checkout failed: ${stderr.trim().split("\n")[0]}`,
    remedy: "Run it in a checkout of the base without local changes",
  });
}
