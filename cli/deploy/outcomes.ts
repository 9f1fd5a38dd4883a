import type { Outcome } from "../outcome.ts";

/** How `lectern deploy` ends. */
export const DEPLOY_OUTCOMES: Readonly<Record<string, Outcome>> = {
  deploy: {
    examples: [
      "deploy",
      "deploy --environment staging --jobs 8",
      "deploy --only campus --json",
      "deploy --only campus --through-freeze CVE-2026-1",
      "deploy --environment prod --plan-digest prod=9f2c4e1ab37d8052",
    ],
    success: "every stack is deployed; what production holds is reported",
    failure:
      "a stack failed, was interrupted or was not started, as the wave before it failed, or has another plan than the approved one; or the stacks' files contradict each other, and nothing was deployed",
    json:
      "`ok`; `seconds`; `throughFreeze`: the reason of that option; `stacks`: one entry per stack with `stack`, `environment`, `state` (deployed, failed, " +
      "interrupted or not started), `reason`, `changes` (a count per operation), `errors`, `warnings`, `seconds`, `ended` and `live`: " +
      "what was done, each with `id`, `label`, `change` (created, updated, replaced or removed), `title` and `url`",
  },
};
