import type { Outcome } from "../outcome.ts";

/** How `lectern delegate` ends. */
export const DELEGATE_OUTCOMES: Readonly<Record<string, Outcome>> = {
  delegate: {
    examples: [
      "delegate --base origin/main --head HEAD --author ada",
      "delegate --base origin/main --head HEAD --author ada grace --teams my-university/physics --json",
    ],
    success: "yes: every author may decide the whole change",
    failure: "a revision is unknown, or the change can't be merged; nobody can tell",
    no: "no: the change needs a review, for the reasons that are printed",
    json:
      "`delegated`; `base` and `head`: the commits; `authors`: one entry per author with `author`, `delegated`, `reason` " +
      "where there is one for the whole change, and `files`, each with `path`, `delegated` and `reason`",
  },
};
