import { execFile } from "node:child_process";
import { maskTelling } from "../health/known-secrets.ts";
import { BackupFault } from "./backup-fault.ts";

/** A command of the operator's that backs a hub's database up. */
export interface BackupCommand {
  readonly command: string;
  readonly hub: string;
  readonly namespace: string;
  readonly release: string;
  /** Seconds. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * Runs the command in the project's folder; it finds the hub in `LECTERN_HUB`, `LECTERN_NAMESPACE` and
 * `LECTERN_RELEASE`. What it prints is shown only where it fails, and then the end of it alone.
 * @throws {BackupFault} where it ends with another code than 0, or not in time
 */
export function runBackupCommand(backup: BackupCommand): Promise<void> {
  const { command, hub, namespace, release, limit, signal } = backup;
  const own = { LECTERN_HUB: hub, LECTERN_NAMESPACE: namespace, LECTERN_RELEASE: release };
  const options = { env: { ...process.env, ...own }, timeout: limit * 1000, signal, maxBuffer: 2 ** 26 };
  return new Promise((resolve, reject) => {
    execFile("/bin/sh", ["-c", command], options, (error, _stdout, stderr) => {
      if (!error) return resolve();
      if (signal.aborted) return reject(signal.reason);
      const how = error.killed ? `did not end within ${limit} s` : `ended with ${error.code ?? error.signal}`;
      const printed = stderr
        .trimEnd()
        .split("\n")
        .slice(-5)
        .map((line) => `\n  ${maskTelling(line)}`)
        .join("");
      const remedy = "Fix the command of `database.backup`, and deploy again";
      reject(new BackupFault(hub, `its command ${how}${printed}${printed === "" ? "" : "\n"}`, remedy));
    });
  });
}
