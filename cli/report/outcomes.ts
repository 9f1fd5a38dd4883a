import type { Outcome } from "../outcome.ts";

/** How `lectern report` ends. */
export const REPORT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  report: {
    examples: [
      "report --out report.html",
      "report --state .lectern --out report.html",
      "report --out report.html --out report.json --history reports --drift drift.json",
    ],
    success: "every stack was read",
    failure:
      "a stack could not be read, and the report has what earlier ones knew of it; or a file is of another shape, and nothing is written",
    json:
      "[report.schema.json](../schema/report.schema.json) describes it: `version`, `made`, `stacks`: one entry per stack with " +
      "`outputs` (its things, each with version, digest, since when, why it is held, override and links), `drift` and `history`",
  },
};
