import { z } from "zod";

/** A time without quotes is a point in time to the Pulumi CLI, which hands it over as Go writes it. */
const timeOf = (text: string) =>
  text.replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) \+0000 UTC$/, "$1T$2Z");

/** The variable of the environment with the `lectern:throughFreeze` of one run. */
export const THROUGH_FREEZE = "LECTERN_THROUGH_FREEZE";

/** Settings of one run, each with its variable of the environment: the CLI would keep one of its own option in a file. */
export const GIVEN_FOR_A_RUN = [
  ["lectern:throughFreeze", THROUGH_FREEZE],
  ["lectern:at", "LECTERN_AT"],
] as const;

/** What a stack does in the windows of the catalog's calendar. */
export const freezeConfig = {
  at: z
    .string()
    .overwrite(timeOf)
    .regex(
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/,
      "expected a time with its offset, such as 2026-10-05T09:00+02:00",
    )
    .optional()
    .describe(
      "Previews only: the moment for which what depends on time is shown, such as 2026-10-05T09:00+02:00. Refused in `pulumi up`. Default: now",
    ),
  throughFreeze: z
    .string()
    .trim()
    .min(1)
    .optional()
    .describe(
      "Why this deployment changes also what events of the calendar freeze; the output `overrides` records it. `lectern deploy --through-freeze` sets it for one run. Remove it afterwards: while it is set, nothing is frozen",
    ),
  freezeCourses: z
    .boolean()
    .optional()
    .describe(
      "Whether events of the calendar that name a course freeze its kernels and their gateways in this stack, and exams the articles of courses. Default: true, except in staging, whose gateways students do not use",
    ),
};

export type FreezeConfig = {
  readonly [Key in keyof typeof freezeConfig]?: z.output<(typeof freezeConfig)[Key]>;
};
