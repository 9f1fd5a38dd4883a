import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const CHART = join(import.meta.dirname, "fixtures/chart");

/** Helm's own command on a cluster, with a home of its own. */
export interface Helm {
  /** Runs it to its end. @throws with what it printed where it fails */
  run(...args: readonly string[]): Promise<string>;
  /** Starts it; whoever starts it kills it. */
  start(...args: readonly string[]): ChildProcess;
}

export function helmOn(program: string, kubeconfig: string): Helm {
  const home = mkdtempSync(join(tmpdir(), "lectern-helm-"));
  const env = { HOME: home, PATH: process.env.PATH, KUBECONFIG: kubeconfig };
  return {
    run: async (...args) => (await promisify(execFile)(program, args, { env, timeout: 120_000 })).stdout,
    start: (...args) => spawn(program, args, { env, stdio: "ignore" }),
  };
}

/** Without what takes long where nodes are only played. */
export const WITHOUT_HOOKS = "--no-hooks";

/** What sets values of the chart: `chart({ extra: true })`. */
export function chart(values: Readonly<Record<string, string | boolean>> = {}): string[] {
  return [CHART, ...Object.entries(values).map(([name, value]) => `--set=${name}=${value}`)];
}
