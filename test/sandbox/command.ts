import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { type RunReport, runReportSchema } from "../../plan/model.ts";

/** What a call of the sandbox's command line gave. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The document that `--json` prints. */
export type JsonReport = RunReport;

export interface SandboxCommand extends Promise<CommandResult> {
  readonly child: ChildProcess;
}

/** Calls the sandbox as a person would, in a process of its own. */
export function callSandbox(args: readonly string[], env: Record<string, string> = {}): SandboxCommand {
  const child = spawn(process.execPath, [resolve("cli/lectern.mjs"), "sandbox", ...args], {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that a test can kill the whole of it.
    detached: true,
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const done = new Promise<CommandResult>((settle, fail) => {
    child.on("error", fail);
    child.on("close", (code) => settle({ code, ...output }));
  });
  return Object.assign(done, { child });
}

/** The document that a `--json` call printed, which is of the published shape. */
export function report(result: CommandResult): JsonReport {
  try {
    return runReportSchema.parse(JSON.parse(result.stdout));
  } catch {
    throw new Error(
      `no JSON document of the expected shape (exit code ${result.code}):\n${result.stdout}\n${result.stderr}`,
    );
  }
}

/** The steps that changed something, as `op type name`. */
export function changesOf({ steps }: JsonReport): string[] {
  return steps
    .filter(({ op, type }) => !["same", "read", "refresh"].includes(op) && !/^(pulumi|lectern):/.test(type))
    .map(({ op, type, name }) => `${op} ${type.split(":").at(-1)} ${name}`)
    .sort();
}
