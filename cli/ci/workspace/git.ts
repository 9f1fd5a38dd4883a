import { LecternError } from "../../../components/problem/problem.ts";
import { runGit } from "../../plan/changed/repository.ts";

/**
 * What git is asked for in a repository.
 * @param more variables of its environment
 * @param input what it reads
 */
export type Git = (
  args: readonly string[],
  more?: Readonly<Record<string, string>>,
  input?: string,
) => Promise<string>;

/** @throws {LecternError} where git fails */
export const gitIn =
  (root: string): Git =>
  async (args, more, input) => {
    const { code, stdout, stderr } = await runGit(root, args, input, more);
    if (code === 0) return stdout;
    throw new LecternError({
      code: "git",
      severity: "error",
      message: `git ${args[0]} failed: ${stderr.trim().split("\n")[0]}`,
      remedy: "Correct what it reports",
    });
  };
