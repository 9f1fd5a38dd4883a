import type { CalendarEvent } from "../calendar-event.ts";
import type { WrittenMatch } from "../file/calendar-schema.ts";
import type { TimeZone } from "../time/time-zone.ts";

/** An ICS file or URL that a calendar takes events from. */
export interface CalendarSource {
  /** Its file, relative to the project, or its address. */
  readonly from: { readonly file: string } | { readonly url: string };
  readonly zone: TimeZone;
  readonly matches: readonly EventMatch[];
  /** A problem at one of its fields. */
  readonly at: CalendarEvent["at"];
}

/** Which events are taken, and what they are. */
export interface EventMatch {
  readonly written: WrittenMatch;
  /** A problem at one of its fields. */
  readonly at: CalendarEvent["at"];
}
