import { join, relative, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { CalendarEvent } from "../../components/calendar/calendar-event.ts";
import { type Occurrence, occurrencesAround, occurrencesIn } from "../../components/calendar/occurrence.ts";
import { readCalendar } from "../../components/calendar/read-calendar.ts";
import {
  parseWallTime,
  type TimeZone,
  timeZoneOf,
  utcZone,
} from "../../components/calendar/time/time-zone.ts";
import { formatProblem, LecternError, type Problem } from "../../components/problem/problem.ts";
import { columnsOf } from "../../plan/terminal/layout.ts";
import { projectFolder } from "../../stacks/project-folder.ts";
import { calendarText, type Shown, stateAt } from "./calendar-text.ts";

export interface CalendarOptions {
  /** Days, such as 2026-10-05. */
  readonly from?: string;
  readonly to?: string;
  /** A local time, or one with an offset. */
  readonly at?: string;
  /** @default the project's catalog */
  readonly catalog?: string;
  readonly json?: boolean;
}

const DAY = 86_400_000;
const WEEKS = 28 * DAY;

/**
 * `lectern calendar`.
 * @param now milliseconds since 1970
 * @returns the exit code: 0 printed, 1 a file has a problem, 2 wrong usage
 */
export async function showCalendar(options: CalendarOptions, now = Date.now()): Promise<0 | 1 | 2> {
  if (options.from !== undefined && options.to !== undefined && options.to < options.from) {
    process.stderr.write(`lectern calendar: --to ${options.to} is before --from ${options.from}\n`);
    return 2;
  }
  try {
    const folder = resolve(options.catalog ?? join(projectFolder(), "catalog"), "calendar");
    const events = await readCalendar(relative(process.cwd(), folder) || ".", { warn: report });
    const shown = shownOf(events, options, now);
    process.stdout.write(options.json ? document(shown) : text(shown));
    return 0;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    error.problems.forEach(report);
    return 1;
  }
}

const report = (problem: Problem) => process.stderr.write(`${problem.severity}: ${formatProblem(problem)}\n`);

function text(shown: Shown): string {
  const coloured = calendarText(shown, columnsOf(process.stdout));
  const isSeen = process.stdout.isTTY === true && !process.env["NO_COLOR"];
  return isSeen ? coloured : stripVTControlCharacters(coloured);
}

function shownOf(events: readonly CalendarEvent[], { from, to, at }: CalendarOptions, now: number): Shown {
  const zone = commonZone(events);
  if (at !== undefined) {
    const instant = instantOf(at, zone);
    const around = occurrencesAround(events, instant, instant + 1);
    return { from: instant, to: instant + 1, at: instant, zone, occurrences: around };
  }
  const last = to === undefined ? undefined : Date.parse(to) + DAY;
  const today = Math.floor(zone.wallOf(now) / DAY) * DAY;
  // Days before today are shown where only their end is given.
  const first = from === undefined ? Math.min(today, (last ?? today + DAY) - DAY) : Date.parse(from);
  const start = zone.instantOf(first);
  const end = zone.instantOf(last ?? first + WEEKS);
  return { from: start, to: end, zone, occurrences: occurrencesIn(events, start, end) };
}

/** The zone of most events; without any, that of this machine. */
function commonZone(events: readonly CalendarEvent[]): TimeZone {
  const counts = new Map<string, number>();
  for (const { timeZone } of events) counts.set(timeZone.name, (counts.get(timeZone.name) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return timeZoneOf(most?.[0] ?? new Intl.DateTimeFormat().resolvedOptions().timeZone) ?? utcZone();
}

const instantOf = (time: string, zone: TimeZone) => {
  const wall = parseWallTime(time);
  return wall === undefined ? Date.parse(time) : zone.instantOf(wall);
};

const iso = (instant: number) => new Date(instant).toISOString();

function document({ from, to, at, occurrences }: Shown): string {
  const found =
    at === undefined
      ? { from: iso(from), to: iso(to), occurrences: occurrences.map(documented) }
      : { at: iso(at), occurrences: occurrences.map((one) => ({ ...documented(one), ...states(one, at) })) };
  return `${JSON.stringify(found, null, 2)}\n`;
}

const documented = (one: Occurrence) => ({
  ...one,
  start: iso(one.start),
  end: iso(one.end),
  warmUpFrom: iso(one.warmUpFrom),
  freezeFrom: iso(one.freezeFrom),
  freezeUntil: iso(one.freezeUntil),
});

function states(one: Occurrence, at: number) {
  const { on, warm, frozen } = stateAt([one], at);
  return { on: on.length > 0, warmedUp: warm.length > 0, frozen: frozen.length > 0 };
}
