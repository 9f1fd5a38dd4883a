import { type Command, InvalidArgumentError, Option } from "commander";
import type { CalendarOptions } from "./calendar.ts";

/** Adds `lectern calendar`. */
export function addCalendar(program: Command): void {
  program
    .command("calendar")
    .description("show when lectures, workshops and exams take place, and from when nothing changes for them")
    .option("--from <date>", "the first day, such as 2026-10-05; today by default", date)
    .option("--to <date>", "the last day; four weeks after the first by default", date)
    .addOption(
      new Option("--at <time>", "what is on, warmed up and frozen at a time, such as 2026-10-05T09:30")
        .argParser(time)
        .conflicts(["from", "to"]),
    )
    .option("--catalog <dir>", "the catalog, instead of the project's")
    .option(
      "--preflight",
      "instead, whether the clusters can hold the people of the next 48 hours, by node group",
    )
    .option("--json", "print one JSON document instead of text")
    .action(async ({ preflight, ...options }: CalendarOptions & { readonly preflight?: boolean }) => {
      if (preflight) {
        const { showPreflight } = await import("./preflight.ts");
        process.exitCode = await showPreflight(options);
        return;
      }
      const { showCalendar } = await import("./calendar.ts");
      process.exitCode = await showCalendar(options);
    });
}

function date(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || !isTime(`${text}T00:00Z`))
    throw new InvalidArgumentError("Expected a date such as 2026-10-05.");
  return text;
}

function time(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/.test(text) || !isTime(text))
    throw new InvalidArgumentError(
      "Expected a time such as 2026-10-05T09:30, in the calendar's time zone or with an offset.",
    );
  return text;
}

const isTime = (text: string) => !Number.isNaN(Date.parse(text));
