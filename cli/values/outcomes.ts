import type { Outcome } from "../outcome.ts";

/** How `lectern values` ends. */
export const VALUES_OUTCOMES: Readonly<Record<string, Outcome>> = {
  values: {
    examples: [
      "values campus staging",
      "values campus staging --explain singleuser.memory",
      "values campus prod --stack prod --json",
    ],
    success: "the values are printed, and the chart's schema, where it has one, takes them",
    failure: "a file has a problem, the chart's schema refuses a value, or there is no such hub or path",
    json:
      "`hub`; `chart`; `values`: one entry per value with `path`, `value` and `origin` (`source`, `line`, `column`, " +
      "`secret` and `over`: what it replaces); without --explain `userSupplied`, what the release is given, and " +
      "`effective`, what the chart's templates see; `problems`",
  },
};
