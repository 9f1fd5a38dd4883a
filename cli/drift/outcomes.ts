import type { Outcome } from "../outcome.ts";

/** How `lectern drift` ends. */
export const DRIFT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  drift: {
    examples: [
      "drift",
      "drift --environment prod --json",
      "drift --issue --repository my-university/teaching --summary summary.md",
    ],
    success: "every stack was looked at, and nothing differs but what is accepted",
    failure: "a stack could not be looked at, or GitHub refuses the issue; there may be drift as well",
    no: "every stack was looked at, and something differs from what was deployed",
    json:
      "`ok`: whether every stack was looked at; `drift`: whether something differs; `begun`, ISO 8601; `seconds`; `stacks`: one entry per " +
      "stack with `stack`, `environment`, `state` (clean, drift or failed), `errors`, `seconds` and `differences`, each " +
      "with `thing`, `change` (gone, changed, removed or added), `object`, `field` or `detail`, `manager`, `time`, `fate` " +
      "(undone, refresh, held or accepted) and `reason`; `issue`: with --issue, `action` (opened, updated, unchanged or closed), " +
      "`number` and `url`, or null where there is none",
  },
};
