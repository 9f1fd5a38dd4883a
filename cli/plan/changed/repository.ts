import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** What git printed, and how it ended. */
export interface GitResult {
  readonly code: number;
  readonly stdout: string;
  /** The same as bytes. */
  readonly bytes: Buffer;
  readonly stderr: string;
}

/** The folder of the repository that a folder is in; undefined where it is in none. */
export function repositoryRoot(folder: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : repositoryRoot(above);
}

/** What a hook's environment has of its repository, as `git rev-parse --local-env-vars` lists it, as far as git reads it here. */
const REPOSITORY_VARIABLES = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
]);

/**
 * Runs git in a folder, which alone decides on the repository: a hook's environment may name another one. It never asks
 * anything, and never fails itself.
 * @param input what it reads
 * @param more variables of its environment, where a secret is in no argument
 */
export function runGit(
  folder: string,
  args: readonly string[],
  input?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<GitResult> {
  const own = Object.entries(process.env).filter(([name]) => !REPOSITORY_VARIABLES.has(name));
  const fixed = { GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  const env = { ...Object.fromEntries(own), ...fixed, ...more };
  return new Promise((resolve) => {
    const options = { cwd: folder, env, maxBuffer: Number.POSITIVE_INFINITY, encoding: "buffer" } as const;
    const child = execFile("git", [...args], options, (error, bytes, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 127;
      resolve({ code, bytes, stdout: bytes.toString(), stderr: stderr.toString() });
    });
    // It may end before it has read everything; how it ended says so.
    child.stdin?.on("error", () => {}).end(input);
  });
}

/** The commit of a revision, by its full ID; undefined where the repository has none. */
export async function commitOf(root: string, revision: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const { code, stdout } = await runGit(root, args);
  return code === 0 ? stdout.trim() : undefined;
}

/** Whether a clone has only the end of the history. */
export async function isShallow(root: string): Promise<boolean> {
  return (await runGit(root, ["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
}

/** What helps where a shallow clone lacks a commit. */
export const DEEPEN =
  "Fetch the rest with `git fetch --unshallow`, or let actions/checkout do so with `fetch-depth: 0`";
