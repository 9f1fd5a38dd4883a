import type ICAL from "ical.js";
import { recurrenceOf } from "../time/recurrence.ts";
import { parseWallTime, type TimeZone, utcZone, zoneWith } from "../time/time-zone.ts";

/** From when to when changes of clocks are calculated. */
const FIRST = Date.UTC(1970, 0, 1);
const LAST = Date.UTC(2100, 0, 1);

interface Change {
  readonly at: number;
  /** How far clocks are ahead of UTC from then on, in milliseconds. */
  readonly offset: number;
}

/**
 * The zone that a VTIMEZONE defines, for names that are not in the IANA database, such as "W. Europe Standard Time".
 * @param shown the name of the zone in which people read its times
 */
export function zoneOfDefinition(definition: ICAL.Component, shown: string): TimeZone {
  const parts = [
    ...definition.getAllSubcomponents("standard"),
    ...definition.getAllSubcomponents("daylight"),
  ];
  const changes = parts.flatMap(changesOf).sort((a, b) => a.at - b.at);
  const before = parts[0] ? offsetOf(parts[0], "tzoffsetfrom") : 0;
  return zoneWith(shown, (instant) => changes.findLast(({ at }) => at <= instant)?.offset ?? before);
}

function changesOf(part: ICAL.Component): Change[] {
  const from = offsetOf(part, "tzoffsetfrom");
  const offset = offsetOf(part, "tzoffsetto");
  const start = parseWallTime(String(part.getFirstPropertyValue("dtstart"))) ?? FIRST;
  const rule = part.getFirstPropertyValue("rrule");
  const recurring = rule ? recurrenceOf(String(rule), start, utcZone()).between(FIRST, LAST) : [];
  const dates = part
    .getAllProperties("rdate")
    .flatMap((property) =>
      property.getValues().flatMap((value: unknown) => parseWallTime(String(value)) ?? []),
    );
  return [...new Set([start, ...recurring, ...dates])].map((wall) => ({ at: wall - from, offset }));
}

/** `+02:00`, in milliseconds. */
function offsetOf(part: ICAL.Component, name: string): number {
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /^([+-]?)(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(String(part.getFirstPropertyValue(name))) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}
