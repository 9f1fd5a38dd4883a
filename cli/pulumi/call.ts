import { execFile } from "node:child_process";
import { LecternError } from "../../components/problem/problem.ts";

/** Calls the Pulumi CLI in a project's folder. What is secret goes in by standard input, never as an argument. */
export type CallPulumi = (args: readonly string[], input?: string) => Promise<string>;

/** @throws {LecternError} where a call fails, with the CLI's own error */
export const pulumiIn =
  (root: string, environment: Readonly<Record<string, string>> = {}): CallPulumi =>
  (args, input = "") =>
    new Promise((resolve, reject) => {
      const options = { cwd: root, maxBuffer: 2 ** 28, env: { ...process.env, ...environment } };
      const child = execFile("pulumi", [...args, "--non-interactive"], options, (error, stdout, stderr) => {
        if (error) reject(failed(args, stderr.trim() || stdout.trim() || error.message));
        else resolve(stdout);
      });
      child.stdin?.on("error", () => {
        // The CLI has ended without reading it, and reports why.
      });
      child.stdin?.end(input);
    });

function failed(args: readonly string[], said: string): LecternError {
  const cause = /error: ([^\n]+)/.exec(said)?.[1] ?? said.split("\n").at(-1) ?? "";
  const command = args.slice(0, 2).join(" ");
  return new LecternError({
    code: "pulumi-failed",
    severity: "error",
    message: `\`pulumi ${command}\` failed: ${cause.replace(/\.$/, "")}`,
    remedy: "Fix that, and run the command again: it goes on where it stopped",
  });
}
