import type { Outcome } from "../outcome.ts";

/** How `lectern calendar` ends. */
export const CALENDAR_OUTCOMES: Readonly<Record<string, Outcome>> = {
  calendar: {
    examples: [
      "calendar",
      "calendar --from 2026-10-05 --to 2026-10-09",
      "calendar --at 2026-10-05T09:30",
      "calendar --json",
      "calendar --preflight",
    ],
    success: "the calendar is printed, even where nothing takes place",
    failure:
      "a file of the calendar has a problem, or an address can't be fetched and never was; nothing is printed on standard output",
    no: "with --preflight: people of an exam have no place",
    json:
      "`from` and `to`, or `at`; `occurrences`: one entry per event and time, with `event`, `kind`, `title`, `hub` or " +
      "`course`, `start`, `end`, `timeZone`, `people`, `profile`, `offered`, `courses`, `warmUpFrom`, `freezeFrom` and " +
      "`freezeUntil`, with --at `on`, `warmedUp` and `frozen` too; times are ISO 8601 in UTC. With --preflight: `preflight`, one " +
      "entry per event with `event`, `title`, `hub`, `people`, `profile`, `start`, `groups`, and `places` or why it is `unknown`",
  },
};
