import type { Occurrence } from "./occurrence.ts";
import { formatWallTime, timeZoneOf } from "./time/time-zone.ts";

/** What the reason of a freeze is written from. */
export type FreezingEvent = Pick<Occurrence, "kind" | "title" | "timeZone" | "freezeUntil">;

/** The reason of each hold that a freeze is begins so. */
export const FROZEN = "frozen until";

/** `frozen until 2026-10-05 11:00 (Europe/Rome) for the lecture Linear algebra`. */
export function frozenReason({ kind, title, timeZone, freezeUntil }: FreezingEvent): string {
  return `${FROZEN} ${localTime(freezeUntil, timeZone)} (${timeZone}) for the ${kind} ${title}`;
}

/** The local day on which a freeze ends, such as `2026-10-05`. */
export const lastDayOf = ({ timeZone, freezeUntil }: FreezingEvent): string =>
  localTime(freezeUntil, timeZone).slice(0, 10);

/** `2026-10-05 11:00`. */
function localTime(instant: number, timeZone: string): string {
  const zone = timeZoneOf(timeZone);
  return formatWallTime(zone ? zone.wallOf(instant) : instant).replace("T", " ");
}
