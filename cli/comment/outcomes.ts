import type { Outcome } from "../outcome.ts";

/** How `lectern comment` ends. */
export const COMMENT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  comment: {
    examples: [
      "comment --plan plan.json --preview staging=staging.json --preview prod=prod.json",
      "comment --plan plan.json --no-credentials --post --repository my-university/teaching --number 12",
      "comment --from comment.md --post --repository my-university/teaching --number 12",
    ],
    success: "the comment is composed, and with --post it is on the pull request",
    failure: "a file can't be read or is of another shape, or GitHub refuses the comment",
    json:
      "`verdict`: the heading; `characters` and `whole`: the length of the comment and of the whole text; " +
      "`digests`: the digest of each stack's plan; `posted`: with --post, `action` (created, edited or unchanged) and `url`",
  },
};
