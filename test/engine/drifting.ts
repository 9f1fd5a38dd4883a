import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import type { DriftOptions } from "../../cli/drift/drift.ts";
import type { StackDrift } from "../../plan/drift/drift.ts";
import { startInProject } from "./cli-process.ts";
import type { Pulumi } from "./pulumi.ts";

/** What `lectern drift --json` prints. */
interface DriftReport {
  readonly ok: boolean;
  readonly drift: boolean;
  readonly stacks: readonly StackDrift[];
  readonly issue?: { readonly action: string; readonly number: number } | null;
}

/** Runs `lectern drift --json` in a process of its own. @param catalog its folder */
export async function runDrift(
  pulumi: Pulumi,
  { catalog, ...options }: Partial<DriftOptions> & { readonly catalog: string },
  environment: Readonly<Record<string, string>> = {},
) {
  const given = { jobs: 2, format: "json", ...options, catalog: relative(pulumi.project, catalog) };
  const ended = await startInProject("drift", pulumi, given, environment).ended;
  expect(ended.stdout, ended.stderr).not.toBe("");
  const report: DriftReport = JSON.parse(ended.stdout);
  return { ...ended, report, states: report.stacks.map(({ stack, state }) => `${stack} ${state}`) };
}

/** Each difference in one line. */
export const differencesIn = ({ stacks }: DriftReport): string[] =>
  stacks.flatMap(({ stack, differences }) =>
    differences.map(({ thing, change, object, field, detail, manager, fate, reason }) =>
      [stack, thing, object, field, detail ?? change, manager, fate, reason].filter(Boolean).join(" | "),
    ),
  );

/** Every file of a folder, with its content. */
export function filesIn(folder: string): (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort()
    .map((file) => [relative(folder, file), readFileSync(file, "latin1")] as const);
}

/** What the file backend keeps: the states of stacks, byte for byte, with their history. */
export const statesOf = ({ environment }: Pulumi) =>
  filesIn(join(environment["PULUMI_BACKEND_URL"]?.replace("file://", "") ?? "", ".pulumi"));
