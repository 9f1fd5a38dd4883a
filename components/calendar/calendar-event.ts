import type { Problem } from "../problem/problem.ts";
import type { Recurrence } from "./time/recurrence.ts";
import type { TimeZone, WallTime } from "./time/time-zone.ts";

/** What an event is: exams have a mode of their own. */
export const EVENT_KINDS = ["lecture", "workshop", "exam"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** An event of the calendar, every default filled in. Durations are in milliseconds. */
export interface CalendarEvent {
  /** Its identity in the catalog. */
  readonly id: string;
  readonly kind: EventKind;
  readonly title: string;
  /** `<cluster>/<hub>`; an event has a hub or a course. */
  readonly hub?: string;
  /** The folder of a course. */
  readonly course?: string;
  readonly timeZone: TimeZone;
  readonly start: WallTime;
  readonly end: WallTime;
  /** When it recurs, its first beginning included; undefined where it doesn't. */
  readonly recurrence?: Recurrence;
  /** Beginnings that are left out. */
  readonly except: readonly WallTime[];
  /** More beginnings. */
  readonly also: readonly WallTime[];
  /** How many people are expected; 0 where unknown. */
  readonly people: number;
  /** The slug of a profile of the hub. */
  readonly profile?: string;
  /** In an exam, the slugs of the profiles that are offered. */
  readonly offered: readonly string[];
  /** The courses that people of an exam on a hub open: their articles are frozen, too. */
  readonly courses?: readonly string[];
  /** How long before its start servers are prepared. */
  readonly warmUp: number;
  /** How long before its start and after its end nothing changes. */
  readonly freeze: { readonly before: number; readonly after: number };
  /** A problem at one of its fields. */
  readonly at: (
    problem: Pick<Problem, "code" | "message" | "remedy"> & Partial<Problem>,
    field: readonly PropertyKey[],
  ) => Problem;
}
