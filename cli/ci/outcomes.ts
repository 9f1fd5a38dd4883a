import type { Outcome } from "../outcome.ts";

/** How the commands of `lectern ci` end. */
export const CI_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "ci pull-request": {
    examples: ["ci pull-request --event event.json --output planned"],
    success:
      "the outputs of the job say which pull request it is, its commit, whether it is previewed and by which program; none where no open pull request has the commit",
    failure: "the event is of another shape, or GitHub refuses to answer",
  },
  "ci workspace": {
    examples: ["ci workspace --number 12 --commit 3e1a9d45c0f1b2a39485766554433221100ffeed"],
    success: "the merged catalog is checked out, or the output `ready` is `false` and a file says why",
    failure: "git failed",
  },
  "ci preview": {
    examples: [
      "ci preview --environment staging --output previews",
      `ci preview --environment prod --stacks '["prod-campus"]' --assume-staging`,
    ],
    success:
      "every stack is previewed; the outputs of the job say whether one changes, and have the digests for `lectern deploy --plan-digest`",
    failure: "a preview failed, or the stacks' files contradict each other",
  },
  "ci ssh-agent": {
    examples: ["ci ssh-agent --environment staging"],
    success: "the agent has the keys, or no stack has one",
    failure: "a value is not a private key without a passphrase",
  },
  "ci delegated": {
    examples: ["ci delegated --event event.json"],
    success:
      "the output `merge` of the job says whether it is; if so, `number` and `commit` say what to merge",
    failure: "the event is of another shape, GitHub refuses to answer, or the change can't be merged",
  },
};
