import { spawn } from "node:child_process";
import { LecternError } from "../../components/problem/problem.ts";
import type { Tools } from "./tools.ts";

export interface CliPlace {
  readonly tools: Tools;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** How a call of the CLI ended. */
export interface CliResult {
  readonly code: number | null;
  /** What it printed to standard error. */
  readonly stderr: string;
}

export interface CliProcess extends Promise<CliResult> {
  /**
   * Ctrl-C: at the first, the CLI finishes what is under way, and starts nothing else; at the second, it
   * ends at once.
   */
  interrupt(): void;
}

/** Starts the CLI. What it prints for people is dropped: its events contain the same. */
export function startCli(
  { tools, environment, cwd }: CliPlace,
  args: readonly string[],
  environmentOfCall: NodeJS.ProcessEnv = {},
): CliProcess {
  const child = spawn(tools.cli, [...args, "--non-interactive"], {
    cwd,
    env: { ...environment, ...environmentOfCall },
    stdio: ["ignore", "ignore", "pipe"],
    // A Ctrl-C at the terminal is for the sandbox, which passes it on.
    detached: true,
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stderr }));
  });
  return Object.assign(ended, {
    interrupt: () => void child.kill("SIGINT"),
  });
}

/**
 * Calls the CLI for something that has no events.
 * @throws {LecternError} with the CLI's own message where it fails
 */
export async function callCli(place: CliPlace, args: readonly string[]): Promise<void> {
  const { code, stderr } = await startCli(place, args);
  if (code === 0) return;
  throw new LecternError({
    code: "pulumi-failed",
    severity: "error",
    message: `\`pulumi ${args.slice(0, 2).join(" ")}\` ended with ${code}: ${stderr.trim()}`,
    remedy: "Fix the cause, and run again",
  });
}
