import type { Outcome } from "../outcome.ts";

/** How the commands about plans end. */
export const PLAN_OUTCOMES: Readonly<Record<string, Outcome>> = {
  plan: {
    examples: [
      "plan --base origin/main",
      "plan --changed changed.txt --format markdown",
      "plan preview.json",
    ],
    success: "the plan is printed, also where it deploys nothing",
    failure:
      "the base can't be compared, a file that the plan needs can't be read, or the preview has an error or is none",
    json:
      "[deployment-plan.schema.json](../schema/deployment-plan.schema.json): one entry per job with its reasons, changed files that " +
      "are no input, and the stacks to run. Of a preview, [run.schema.json](../schema/run.schema.json) without `outputs` and " +
      "`progress`",
  },
  gate: {
    examples: [
      "gate --plan plan.json --results results.json --format json",
      "gate --plan plan.json --results staging.json staging-campus.json --matrix outputs.txt",
    ],
    success: "the plan is printed with the production hubs that are left, and why others are held",
    failure: "the plan can't be read; results that can't be read count as failures",
  },
};
