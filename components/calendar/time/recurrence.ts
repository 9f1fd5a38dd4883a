import { RRuleTemporal } from "rrule-temporal";
import type { TimeZone, WallTime } from "./time-zone.ts";

/** When something that recurs begins, in local time: that holds whenever clocks change. */
export interface Recurrence {
  /** The beginnings from one local time until before another, sorted. */
  readonly between: (from: WallTime, to: WallTime) => readonly WallTime[];
}

/** Lectures recur by the day; what recurs more often would be thousands of events. */
const FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

const PARTS = [
  ...[
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "WKST",
    "BYDAY",
    "BYMONTH",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
  ],
  ...["BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND"],
];

/** A lecture on every day of five years. What counts has to be expanded from its first day, however long ago that was. */
const MOST = 2000;

/** What is wrong with a rule, without a full stop. */
export class RecurrenceFault extends Error {}

/**
 * Reads an RRULE of RFC 5545.
 * @param start when it begins first
 * @throws {RecurrenceFault} where it is none, or more frequent than daily
 */
export function recurrenceOf(rule: string, start: WallTime, zone: TimeZone): Recurrence {
  const parts = partsOf(rule);
  const frequency = parts.get("FREQ") ?? "";
  if (!FREQUENCIES.includes(frequency))
    throw new RecurrenceFault(`FREQ is ${frequency || "missing"}: expected one of ${FREQUENCIES.join(", ")}`);
  const until = parts.get("UNTIL");
  if (until !== undefined) parts.set("UNTIL", basicUtc(untilOf(until, zone)));
  const text = [...parts].map(([name, value]) => `${name}=${value}`).join(";");
  // Local times are calculated as if they were UTC, which has no changes.
  const rruleString = `DTSTART:${basicUtc(start)}\nRRULE:${text}`;
  const expansion = guarded(() => new RRuleTemporal({ rruleString, strict: true, cache: false }));
  const count = parts.get("COUNT");
  if (Number(count) > MOST) throw new RecurrenceFault(`COUNT is ${count}: at most ${MOST}`);
  // A rule whose days are too far apart to be counted fails here, not when somebody asks for them.
  if (count !== undefined) guarded(() => expansion.all());
  return {
    between: (from, to) =>
      guarded(() => expansion.between(new Date(from), new Date(to), true))
        .map(({ epochMilliseconds }) => epochMilliseconds)
        .filter((wall) => wall >= from && wall < to),
  };
}

function partsOf(rule: string): Map<string, string> {
  const pairs = rule
    .toUpperCase()
    .split(";")
    .map((part) => part.split("="));
  const wrong = pairs.find(
    ([name = "", value = "", ...more]) => !PARTS.includes(name) || !value || more.length > 0,
  );
  if (wrong) throw new RecurrenceFault(`${JSON.stringify(wrong.join("="))} is no part of a rule`);
  const parts = new Map(pairs.map(([name = "", value = ""]) => [name, value]));
  if (parts.size < pairs.length) throw new RecurrenceFault("a part occurs twice");
  return parts;
}

/** Until when, in local time: UTC and local times are written `20270122T225959Z` and without Z; a date counts to its end. */
function untilOf(text: string, zone: TimeZone): WallTime {
  const [, year, month, day, hour = "23", minute = "59", second = "59", utc] =
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at)) throw new RecurrenceFault(`UNTIL is ${text}: expected a date such as 20270122`);
  return utc ? zone.wallOf(at) : at;
}

/** `20270122T225959Z`. */
const basicUtc = (wall: WallTime) => `${new Date(wall).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new RecurrenceFault(error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
}
