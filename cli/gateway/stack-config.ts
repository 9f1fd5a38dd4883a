import { execFile } from "node:child_process";
import { z } from "zod";
import { LecternError } from "../../components/problem/problem.ts";

const shown = z.record(z.string(), z.object({ value: z.string().optional() }));

/**
 * A stack's configuration by its full keys, as text, with its secrets decrypted: they stay in memory.
 * @throws {LecternError} where the Pulumi CLI is missing or can't read the stack
 */
export async function readStackConfig(stack: string): Promise<Readonly<Record<string, string>>> {
  const options = ["--json", "--show-secrets", "--non-interactive", "--stack", stack];
  const text = await new Promise<string>((resolve, reject) => {
    execFile("pulumi", ["config", ...options], (error, stdout, stderr) =>
      error ? reject(unreadable(stack, error, stderr)) : resolve(stdout),
    );
  });
  const entries = Object.entries(shown.parse(JSON.parse(text)));
  return Object.fromEntries(
    entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
  );
}

function unreadable(stack: string, error: Error & { code?: unknown }, stderr: string): LecternError {
  const isMissing = error.code === "ENOENT";
  const why = isMissing ? "the Pulumi CLI is not installed" : stderr.trim().split("\n")[0];
  return new LecternError({
    code: "unreadable-stack",
    severity: "error",
    message: `the configuration of the stack ${stack} can't be read: ${why}`,
    remedy: isMissing
      ? "Install it, and put `pulumi` on the PATH"
      : `Check that \`pulumi config --stack ${stack}\` works in the project's folder`,
  });
}
