import { devNull } from "node:os";
import { type GitResult, runGit } from "../../../../cli/plan/changed/repository.ts";
import { LecternError, type Problem } from "../../../../components/problem/problem.ts";
import { DISK_FULL } from "../../disk-full.ts";

/** What git sends to a remote where the repository's own configuration does not say: variables of its environment. */
export type Credentials = Readonly<Record<string, string>>;

/** What is given to git besides its arguments. */
interface GitInput {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Hooks are for the person's own commands: a server runs none of them. A server that doesn't answer is waited for 20
 * seconds, not forever.
 */
const SETTINGS = [
  "-c",
  `core.hooksPath=${devNull}`,
  "-c",
  "core.fsmonitor=false",
  "-c",
  "i18n.commitEncoding=UTF-8",
  "-c",
  "http.lowSpeedLimit=1",
  "-c",
  "http.lowSpeedTime=20",
];
const SSH = "ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=10 -o ServerAliveCountMax=2";

/** Git in a repository, without its hooks. It asks nothing. */
export function tryGit(root: string, args: readonly string[], more: GitInput = {}): Promise<GitResult> {
  const ssh = process.env["GIT_SSH_COMMAND"] === undefined ? { GIT_SSH_COMMAND: SSH } : {};
  return runGit(root, [...SETTINGS, ...args], more.input, { ...ssh, ...more.environment });
}

/** What git prints. @throws {LecternError} where it fails */
export async function git(root: string, args: readonly string[], more: GitInput = {}): Promise<string> {
  const result = await tryGit(root, args, more);
  if (result.code !== 0) throw new LecternError(gitFailure(args[0] ?? "", result));
  return result.stdout.replace(/\n$/, "");
}

function gitFailure(command: string, { stderr }: GitResult): Problem {
  if (/No space left on device|Disk quota exceeded/i.test(stderr)) {
    return DISK_FULL;
  }
  if (/insufficient permission|Permission denied|Read-only file system/i.test(stderr)) {
    return problem(
      "repository-not-writable",
      "the server may not write to the repository",
      "Give the user that runs the studio write access to the repository's .git folder",
    );
  }
  return problem(
    "git",
    `git ${command} failed: ${firstLine(stderr)}`,
    "Correct what it reports, and propose again",
  );
}

export const problem = (code: string, message: string, remedy: string): Problem => ({
  code,
  severity: "error",
  message,
  remedy,
});

/** What git says first, without what it says of an address's user and password. */
export function firstLine(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const line = lines.find((one) => /^(fatal|error|remote|!)/.test(one)) ?? lines.find((one) => one !== "");
  return (line ?? "it gave no reason").replaceAll(/\/\/[^\s/@]*@/g, "//");
}
