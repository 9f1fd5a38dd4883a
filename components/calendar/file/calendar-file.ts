import { dirname, join } from "node:path";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { jsonPath, zodProblems } from "../../problem/zod.ts";
import type { CalendarEvent } from "../calendar-event.ts";
import type { CalendarSource } from "../sources/calendar-source.ts";
import { type Recurrence, RecurrenceFault, recurrenceOf } from "../time/recurrence.ts";
import { formatWallTime, type TimeZone, timeZoneOf, type WallTime } from "../time/time-zone.ts";
import {
  calendarFileSchema,
  knownCalendarKeys,
  type WrittenEvent,
  type WrittenSource,
} from "./calendar-schema.ts";
import { needsOf, needsProblems } from "./event-needs.ts";

const DAY = 86_400_000;

/** An event that is longer is most likely a mistyped date. */
export const LONGEST = 31 * DAY;

/** What a file of `catalog/calendar` says. */
export interface CalendarFile {
  readonly events: readonly CalendarEvent[];
  readonly sources: readonly CalendarSource[];
}

/**
 * Reads a file of `catalog/calendar`.
 * @param file relative to the project
 * @throws {LecternError} with every problem
 */
export function readCalendarFile(text: string, file: string): CalendarFile {
  const yaml = parseYaml(text, file);
  if (yaml.problems.length > 0) throw new LecternError(yaml.problems);
  const parsed = calendarFileSchema.safeParse(yaml.value ?? {});
  if (!parsed.success)
    throw new LecternError(
      zodProblems(parsed.error, { file, locate: yaml.locate, known: knownCalendarKeys }),
    );
  const place =
    (...root: readonly PropertyKey[]): CalendarEvent["at"] =>
    (problem, field) => {
      const path = [...root, ...field];
      return { severity: "error", ...problem, file, path: jsonPath(path), ...yaml.locate(path) };
    };
  const { events, calendars, timeZone } = parsed.data;
  const problems: Problem[] = [];
  const read = {
    events: events.flatMap(
      (one, index) => eventOf(one, timeZone, { at: place("events", index), problems }) ?? [],
    ),
    sources: calendars.flatMap((one, index) => {
      const at = place("calendars", index);
      const matchAt = (match: number) => place("calendars", index, "match", match);
      return sourceOf(one, timeZone, { at, problems, matchAt, folder: dirname(file) }) ?? [];
    }),
  };
  if (problems.length > 0) throw new LecternError(problems);
  return read;
}

interface Place extends Pick<CalendarEvent, "at"> {
  /** Gets what is wrong. */
  readonly problems: Problem[];
}

interface SourcePlace extends Place {
  readonly matchAt: (match: number) => CalendarEvent["at"];
  readonly folder: string;
}

function eventOf(written: WrittenEvent, common: string | undefined, { at, problems }: Place) {
  const { id, title, start, end, except, also } = written;
  const timeZone = zoneAt(written.timeZone ?? common, id, { at, problems });
  problems.push(...needsProblems(written, id, at));
  if (end <= start || end - start > LONGEST) problems.push(at(badEnd(written), ["end"]));
  if (!timeZone) return undefined;
  const recurrence = recurrenceAt(written, timeZone, { at, problems });
  return {
    id,
    title,
    ...needsOf(written),
    timeZone,
    start,
    end,
    ...(recurrence ? { recurrence } : {}),
    except,
    also,
    at,
  } satisfies CalendarEvent;
}

function sourceOf(
  { file, url, timeZone, match }: WrittenSource,
  common: string | undefined,
  { at, matchAt, problems, folder }: SourcePlace,
): CalendarSource | undefined {
  const name = file ?? "the calendar";
  const zone = zoneAt(timeZone ?? common, name, { at, problems });
  const matches = match.map((written, index) => ({ written, at: matchAt(index) }));
  for (const one of matches) problems.push(...needsProblems(one.written, "this match", one.at));
  if ((file === undefined) === (url === undefined)) {
    const both = file !== undefined;
    problems.push(
      at(
        {
          code: both ? "invalid-value" : "missing-field",
          message: both ? "this calendar has a file and a URL" : "this calendar has no file and no URL",
          remedy: both ? "Keep one" : "Add the `file` of this folder, or the `url` of an ICS file",
        },
        both ? ["url"] : [],
      ),
    );
  }
  if (!zone) return undefined;
  const from = file === undefined ? { url: url ?? "" } : { file: join(folder, file) };
  return { from, zone, matches, at };
}

function zoneAt(name: string | undefined, of: string, { at, problems }: Place): TimeZone | undefined {
  const zone = name === undefined ? undefined : timeZoneOf(name);
  if (zone) return zone;
  const remedy = "Add `timeZone` at the top of the file, such as `timeZone: Europe/Rome`";
  problems.push(at({ code: "missing-field", message: `the time zone of ${of} is missing`, remedy }, []));
  return undefined;
}

const badEnd = ({ id, start, end }: WrittenEvent) => ({
  code: "invalid-value",
  message:
    end <= start ? `${id} ends before it starts` : `${id} lasts ${Math.round((end - start) / DAY)} days`,
  remedy: "Correct `start` or `end`; an event recurs with `repeat`",
});

/** Also checks that it takes place at all, and that what is left out would. */
function recurrenceAt(
  { id, repeat, start, except, also }: WrittenEvent,
  zone: TimeZone,
  { at, problems }: Place,
): Recurrence | undefined {
  try {
    const recurrence = repeat === undefined ? undefined : recurrenceOf(repeat, start, zone);
    const isStart = (wall: WallTime) =>
      also.includes(wall) || (recurrence ? recurrence.between(wall, wall + 1).length > 0 : wall === start);
    except.forEach((wall, index) => {
      if (!isStart(wall)) problems.push(at(unknownException(wall), ["except", index]));
    });
    if (recurrence && recurrence.between(start, start + 10 * 366 * DAY).length === 0)
      problems.push(at(neverTakesPlace(id), ["repeat"]));
    return recurrence;
  } catch (error) {
    if (!(error instanceof RecurrenceFault)) throw error;
    problems.push(at(noRecurrence(error), ["repeat"]));
    return undefined;
  }
}

const unknownException = (wall: WallTime) => ({
  code: "unknown-exception",
  message: `nothing starts at ${formatWallTime(wall)}, so there is nothing to leave out`,
  remedy: "Write the local start of the occurrence that is left out",
});

const neverTakesPlace = (id: string) => ({
  code: "empty-recurrence",
  message: `${id} never takes place: the rule gives no day in the ten years from its start`,
  remedy: "Correct `repeat`; UNTIL is after `start`",
});

const noRecurrence = ({ message }: RecurrenceFault) => ({
  code: "invalid-recurrence",
  message: `this is no recurrence: ${message}`,
  remedy: 'Write an RRULE of RFC 5545, such as "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270122"',
});
