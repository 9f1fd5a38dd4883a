import type { CalendarEvent, EventKind } from "./calendar-event.ts";

/** One time that an event takes place. Instants are in milliseconds since 1970, UTC. */
export interface Occurrence {
  /** The event's ID. */
  readonly event: string;
  readonly kind: EventKind;
  readonly title: string;
  /** `<cluster>/<hub>`; an event has a hub or a course. */
  readonly hub?: string;
  /** The folder of a course. */
  readonly course?: string;
  readonly start: number;
  readonly end: number;
  /** A name of the IANA database: people read its times in this zone. */
  readonly timeZone: string;
  /** How many people are expected; 0 where unknown. */
  readonly people: number;
  /** The slug of a profile of the hub. */
  readonly profile?: string;
  /** In an exam, the slugs of the profiles that are offered. */
  readonly offered: readonly string[];
  /** The folders of the courses that people of an exam on a hub open. */
  readonly courses?: readonly string[];
  /** From when servers are prepared. */
  readonly warmUpFrom: number;
  /** From when nothing changes that it needs. */
  readonly freezeFrom: number;
  /** Until when, exclusive. */
  readonly freezeUntil: number;
}

/** A local time may be this far from UTC, and what an event says of its times is further apart by a change of clocks. */
const MARGIN = 36 * 3_600_000;

/**
 * The occurrences that start in `[from, to)`, sorted by their start, then by event.
 * @throws {RecurrenceFault} where a rule has more candidates than are tried
 */
export function occurrencesIn(events: readonly CalendarEvent[], from: number, to: number): Occurrence[] {
  return events
    .flatMap((event) => startsOf(event, from, to).map((wall) => occurrence(event, wall)))
    .filter(({ start }) => start >= from && start < to)
    .sort((a, b) => a.start - b.start || (a.event < b.event ? -1 : Number(a.event > b.event)));
}

/** The occurrences that are prepared, frozen or on at some time in `[from, to)`, sorted as those of {@link occurrencesIn}. */
export function occurrencesAround(events: readonly CalendarEvent[], from: number, to: number): Occurrence[] {
  const before = Math.max(0, ...events.map(({ warmUp, freeze }) => Math.max(warmUp, freeze.before)));
  const after = Math.max(0, ...events.map(({ start, end, freeze }) => end - start + freeze.after));
  return occurrencesIn(events, from - after - MARGIN, to + before + MARGIN).filter(
    ({ warmUpFrom, freezeFrom, end, freezeUntil }) =>
      Math.min(warmUpFrom, freezeFrom) < to && Math.max(end, freezeUntil) > from,
  );
}

/** Beginnings in local time, a superset of those that are asked for. */
function startsOf({ recurrence, start, except, also }: CalendarEvent, from: number, to: number): number[] {
  const regular = recurrence ? recurrence.between(from - MARGIN, to + MARGIN) : [start];
  const left = new Set(except);
  return [...new Set([...regular, ...also])].filter((wall) => !left.has(wall));
}

function occurrence(event: CalendarEvent, wall: number): Occurrence {
  const { id, kind, title, hub, course, timeZone, people, profile, offered, courses, warmUp, freeze } = event;
  const length = event.end - event.start;
  const start = timeZone.instantOf(wall);
  // Where clocks skip its start, its end may be none after it.
  const until = timeZone.instantOf(wall + length);
  const end = until > start ? until : start + length;
  return {
    event: id,
    kind,
    title,
    ...(hub === undefined ? {} : { hub }),
    ...(course === undefined ? {} : { course }),
    start,
    end,
    timeZone: timeZone.name,
    people,
    ...(profile === undefined ? {} : { profile }),
    offered,
    ...(courses === undefined ? {} : { courses }),
    warmUpFrom: start - warmUp,
    freezeFrom: start - freeze.before,
    freezeUntil: end + freeze.after,
  };
}
