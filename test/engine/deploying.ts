import { expect } from "vitest";
import type { DeployOptions } from "../../cli/deploy/deploy.ts";
import { type CliProcess, startInProject } from "./cli-process.ts";
import type { Pulumi } from "./pulumi.ts";

/** What `lectern deploy --json` prints, as far as it is looked at. */
export interface DeployReport {
  readonly ok: boolean;
  readonly stacks: readonly {
    readonly stack: string;
    readonly state: string;
    readonly changes: Readonly<Record<string, number>>;
    readonly errors: readonly string[];
    readonly warnings: readonly string[];
  }[];
}

/** Starts `lectern deploy` in a project. */
export const startDeploy = (pulumi: Pulumi, options: Partial<DeployOptions>): CliProcess =>
  startInProject("deploy", pulumi, { catalog: "catalog", jobs: 2, ...options });

/** The report of a run that was started with `json`, and `<stack> <state>` of each stack. */
export async function reported({ ended }: CliProcess) {
  const { code, stdout, stderr } = await ended;
  expect(stdout, stderr).not.toBe("");
  const report: DeployReport = JSON.parse(stdout);
  expect(code, stdout).toBe(report.ok ? 0 : 1);
  return { ...report, states: report.stacks.map(({ stack, state }) => `${stack} ${state}`) };
}
