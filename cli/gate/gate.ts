import { readFile } from "node:fs/promises";
import { LecternError } from "../../components/problem/problem.ts";
import { gatePlan } from "../../plan/deployment/gate/gate.ts";
import { joined, MalformedResults, parseResults, type Results } from "../../plan/deployment/gate/results.ts";
import type { OutputOptions } from "../plan/output-options.ts";
import { printPlan } from "../plan/print-plan.ts";
import { readPlan } from "../plan/read-plan.ts";

export interface GateOptions extends OutputOptions {
  readonly plan: string;
  readonly results: readonly string[];
}

/**
 * `lectern gate`: a plan without the production hubs whose support or staging hubs failed.
 * @returns the exit code: 1 where the plan can't be read; results that can't be count as failures
 */
export async function gate(options: GateOptions): Promise<0 | 1> {
  try {
    const plan = await readPlan(options.plan);
    const read = await Promise.all(options.results.map(readResults));
    for (const { warning } of read) if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
    const gated = gatePlan(plan, joined(read.flatMap(({ results }) => results ?? [])));
    await printPlan(gated, options);
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

async function readResults(file: string): Promise<{ readonly results?: Results; readonly warning?: string }> {
  const counts = "what it should tell of counts as failed";
  try {
    return { results: parseResults(await readFile(file, "utf8")) };
  } catch (error) {
    if (error instanceof MalformedResults) return { warning: `${file}: ${error.message}; ${counts}` };
    if (error instanceof Error && "code" in error) {
      return { warning: `${file}: it can't be read (${String(error.code)}); ${counts}` };
    }
    throw error;
  }
}
