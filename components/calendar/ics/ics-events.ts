import { createHash } from "node:crypto";
import type { Problem } from "../../problem/problem.ts";
import type { CalendarEvent } from "../calendar-event.ts";
import { LONGEST } from "../file/calendar-file.ts";
import { needsOf } from "../file/event-needs.ts";
import type { CalendarSource, EventMatch } from "../sources/calendar-source.ts";
import { RecurrenceFault, recurrenceOf } from "../time/recurrence.ts";
import { type IcsEvent, IcsFault, readIcs } from "./ics-file.ts";

/** What a source gives. */
export interface SourceEvents {
  readonly events: readonly CalendarEvent[];
  readonly problems: readonly Problem[];
}

type Read = ReturnType<typeof readIcs>[number];

/**
 * The events of an ICS text that a source takes. What is wrong with an event of a file is an error; others than
 * the author of the catalog change what an address has, so there it is a warning.
 */
export function eventsOfIcs(text: string, source: CalendarSource): SourceEvents {
  const report = reporter(source);
  try {
    const all = readIcs(text, source.zone);
    const series = Map.groupBy(all, ({ uid }) => uid);
    const taken = [...series.values()].flatMap((own) => seriesEvents(own, source, report));
    return {
      events: taken.flatMap(({ event }) => event ?? []),
      problems: [...taken.flatMap((one) => one.problem ?? []), ...unmatched(source, all)],
    };
  } catch (error) {
    if (!(error instanceof IcsFault)) throw error;
    return {
      events: [],
      problems: [
        report(`this is no calendar: ${error.message}`, "Export it as an ICS (iCalendar) file again"),
      ],
    };
  }
}

type Report = (message: string, remedy: string) => Problem;

function reporter({ from, at }: CalendarSource): Report {
  return (message, remedy) => {
    if ("url" in from) return at({ code: "invalid-ics", severity: "warning", message, remedy }, ["url"]);
    return { code: "invalid-ics", severity: "error", file: from.file, message, remedy };
  };
}

interface Taken {
  readonly event?: CalendarEvent;
  readonly problem?: Problem;
}

/** The events of one UID: what recurs, and the occurrences of it that were moved or cancelled. */
function seriesEvents(own: readonly Read[], source: CalendarSource, report: Report): Taken[] {
  const first = own.find((one) => "fault" in one || one.replaces === undefined);
  const ofSeries = first && matchOf(first, source);
  const replaced = own.flatMap((one) => ("fault" in one ? [] : (one.replaces ?? [])));
  return own.flatMap((one): Taken[] => {
    const match = matchOf(one, source) ?? ofSeries;
    if (!match || (!("fault" in one) && one.isCancelled)) return [];
    if ("fault" in one)
      return [
        {
          problem: report(
            `the event ${nameOf(one)} can't be read: ${one.fault}`,
            "Correct it in the calendar, and export it again",
          ),
        },
      ];
    return [takenEvent(one, match, replaced, report)];
  });
}

const nameOf = ({ summary, uid }: Read) => JSON.stringify(summary || uid);

function takenEvent(one: IcsEvent, match: EventMatch, replaced: readonly number[], report: Report): Taken {
  const { start, end, zone, rule, except, also } = one;
  const correct = "Correct it in the calendar, or let no match take it";
  if (end <= start)
    return {
      problem: {
        ...report(`the event ${nameOf(one)} has no duration, so it is left out`, correct),
        severity: "warning",
      },
    };
  if (end - start > LONGEST)
    return { problem: report(`the event ${nameOf(one)} lasts more than 31 days`, correct) };
  try {
    const recurrence = rule === undefined ? undefined : recurrenceOf(rule, start, zone);
    const moved = one.replaces === undefined ? replaced.map(zone.wallOf) : [];
    return {
      event: {
        id: idOf(one),
        title: match.written.title ?? (one.summary || "Untitled"),
        ...needsOf(match.written),
        timeZone: zone,
        start,
        end,
        ...(recurrence ? { recurrence } : {}),
        except: [...except, ...moved],
        also,
        at: match.at,
      },
    };
  } catch (error) {
    if (!(error instanceof RecurrenceFault)) throw error;
    return { problem: report(`the event ${nameOf(one)} can't be read: ${error.message}`, correct) };
  }
}

/** `algebra-1f0c3a9b`: people recognize it, and a series keeps it. */
function idOf({ summary, uid }: IcsEvent): string {
  const digest = createHash("sha256").update(uid).digest("hex").slice(0, 8);
  const words = summary.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const name = words
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, "");
  return `${name || "event"}-${digest}`;
}

const matchOf = (event: Read, { matches }: CalendarSource): EventMatch | undefined =>
  matches.find(({ written }) => isTaken(event, written));

function isTaken(
  { summary, categories }: Read,
  { summary: title, category }: EventMatch["written"],
): boolean {
  if (title !== undefined && !fits(summary, title)) return false;
  return category === undefined || categories.some((one) => fits(one.trim(), category));
}

/** Whether a text fits a pattern in which * is any text; case does not matter. */
function fits(text: string, pattern: string): boolean {
  const parts = pattern.split(/\*+/).map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*")}$`, "i").test(text);
}

/** Patterns that take nothing are most likely mistyped. */
function unmatched({ matches }: CalendarSource, all: readonly Read[]): Problem[] {
  return matches.flatMap(({ written, at }) => {
    if (all.some((event) => isTaken(event, written))) return [];
    const field = written.summary === undefined && written.category !== undefined ? "category" : "summary";
    const message = `no event of the calendar has such a ${field === "summary" ? "title" : field}`;
    const remedy =
      all.length === 0 ? "The calendar is empty: export it again" : `${titlesOf(all)}; * is any text`;
    return [at({ code: "unmatched-events", severity: "warning", message, remedy }, [field])];
  });
}

/** `Its events are "a", "b" and "c"`. */
function titlesOf(all: readonly Read[]): string {
  const titles = [...new Set(all.map(({ summary }) => summary))].map((title) => JSON.stringify(title));
  const more = titles.length > 3 ? `, and ${titles.length - 3} more` : "";
  return `Its events are ${titles.slice(0, 3).join(", ")}${more}`;
}
