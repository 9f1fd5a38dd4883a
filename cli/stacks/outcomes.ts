import type { Outcome } from "../outcome.ts";

/** How the commands of `lectern stacks` end. */
export const STACKS_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "stacks split": {
    examples: ["stacks split campus", "stacks split campus --environment prod"],
    success: "the cluster has its own stacks, and previews show that nothing is created or deleted",
    failure: "it can't be split; states and files are as they were before",
  },
  "stacks list": {
    examples: ["stacks", "stacks list --json"],
    success: "every part of the catalog is deployed by one stack at most",
    failure:
      "two stacks deploy the same, a scope can't be parsed, or staging does not deploy what prod needs proven",
    json:
      "`stacks`: one entry per stack with `stack`, `environment`, `file`, `deploys` and, in production, `provenBy`; " +
      "`counts`: how many articles and kernels there are; `nobody`: what no stack of an environment deploys; `problems`",
  },
};
