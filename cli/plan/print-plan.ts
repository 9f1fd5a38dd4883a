import { appendFile } from "node:fs/promises";
import type { DeploymentPlan } from "../../plan/deployment/deployment-plan.ts";
import { planMarkdown } from "../../plan/deployment/format/markdown.ts";
import { matrixOutputs } from "../../plan/deployment/format/matrix.ts";
import { planTable } from "../../plan/deployment/format/table.ts";
import type { OutputOptions } from "./output-options.ts";

/**
 * Prints a plan, and appends the stacks to run where that is asked for.
 * @throws {LecternError} where a matrix can't have as many jobs
 */
export async function printPlan(plan: DeploymentPlan, { format, matrix }: OutputOptions): Promise<void> {
  if (matrix !== undefined) await appendFile(matrix, matrixOutputs(plan));
  process.stdout.write(formatted(plan, format));
}

function formatted(plan: DeploymentPlan, format: OutputOptions["format"]): string {
  if (format === "json") return `${JSON.stringify(plan, null, 2)}\n`;
  return format === "markdown" ? planMarkdown(plan) : planTable(plan);
}
