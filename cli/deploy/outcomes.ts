import type { Outcome } from "../outcome.ts";

/** How `lectern deploy` ends. */
export const DEPLOY_OUTCOMES: Readonly<Record<string, Outcome>> = {
  deploy: {
    examples: ["deploy", "deploy --environment staging --jobs 8", "deploy --only campus --json"],
    success: "every stack is deployed; what production holds is reported",
    failure:
      "a stack failed, was interrupted or was not started, as the wave before it failed; or the stacks' files contradict each other, and nothing was deployed",
    json:
      "`ok`; `seconds`; `stacks`: one entry per stack with `stack`, `environment`, `state` (deployed, failed, " +
      "interrupted or not started), `reason`, `changes` (a count per operation), `errors`, `warnings` and `seconds`",
  },
};
