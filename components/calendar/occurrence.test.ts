import fc from "fast-check";
import { expect, it } from "vitest";
import { readCalendarFile } from "./file/calendar-file.ts";
import { type Occurrence, occurrencesAround, occurrencesIn } from "./occurrence.ts";
import { timeZoneOf } from "./time/time-zone.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A calendar of one lecture. */
const lecture = (fields: string, zone = "Europe/Rome") =>
  readCalendarFile(
    `timeZone: ${zone}\nevents: [{id: algebra, kind: lecture, title: Algebra, hub: campus/prod, ${fields}}]`,
    "calendar.yaml",
  ).events;
const at = (text: string) => Date.parse(`${text}Z`);
const all = (fields: string, zone?: string) =>
  occurrencesIn(lecture(fields, zone), at("2020-01-01T00:00"), at("2030-01-01T00:00"));
const utc = (found: readonly Occurrence[]) =>
  found.map(({ start, end }) =>
    [start, end].map((one) => new Date(one).toISOString().slice(5, 16)).join("/"),
  );

it("gives an event that does not recur once", () => {
  expect(utc(all("start: 2026-10-05T09:15, end: 2026-10-05T11:00"))).toEqual(["10-05T07:15/10-05T09:00"]);
});

it("keeps the time of day when clocks change", () => {
  const weekly = "start: 2026-10-19T09:15, end: 2026-10-19T11:00, repeat: FREQ=WEEKLY;COUNT=3";
  expect(utc(all(weekly))).toEqual([
    "10-19T07:15/10-19T09:00",
    "10-26T08:15/10-26T10:00",
    "11-02T08:15/11-02T10:00",
  ]);
});

it("leaves exceptions out and adds what is added, each once", () => {
  const fields =
    "start: 2026-10-05T09:15, end: 2026-10-05T11:00, repeat: FREQ=WEEKLY;COUNT=3, except: [2026-10-12T09:15], also: [2026-10-13T14:00, 2026-10-19T09:15]";
  expect(utc(all(fields))).toEqual([
    "10-05T07:15/10-05T09:00",
    "10-13T12:00/10-13T13:45",
    "10-19T07:15/10-19T09:00",
  ]);
});

it.each([
  // 23:59 of the last day in UTC is after midnight in Rome.
  ["20261019T072000Z", 3],
  ["20261019T071500Z", 3],
  ["20261019T071459Z", 2],
  ["20261019T091500", 3],
  ["20261019", 3],
  ["20261018", 2],
])("ends with what starts until %s", (until, count) => {
  const fields = `start: 2026-10-05T09:15, end: 2026-10-05T11:00, repeat: FREQ=WEEKLY;UNTIL=${until}`;
  expect(all(fields)).toHaveLength(count);
});

it("prepares and freezes before the start, an exam a day before", () => {
  const [own] = all(
    "start: 2026-10-05T09:15, end: 2026-10-05T11:00, warmUp: 1h30m, freeze: {before: 2h, after: 15m}",
  );
  expect(own).toMatchObject({ warmUpFrom: at("2026-10-05T05:45"), freezeFrom: at("2026-10-05T05:15") });
  expect(own?.freezeUntil).toBe(at("2026-10-05T09:15"));
  const exam = readCalendarFile(
    "events: [{id: e, kind: exam, title: E, hub: c/prod, profile: python, timeZone: UTC, start: 2026-10-05T09:15, end: 2026-10-05T11:00}]",
    "calendar.yaml",
  ).events;
  const [one] = occurrencesIn(exam, 0, at("2030-01-01T00:00"));
  expect(one).toMatchObject({ freezeFrom: at("2026-10-04T09:15"), warmUpFrom: at("2026-10-05T08:45") });
  expect(one).toMatchObject({ offered: ["python"], hub: "c/prod" });
});

it("finds what is prepared, frozen or on", () => {
  const events = lecture("start: 2026-10-05T09:15, end: 2026-10-05T11:00, freeze: {before: 2h, after: 1h}");
  const found = (time: string) => occurrencesAround(events, at(time), at(time) + 1).length;
  expect(["05:14", "05:15", "08:00", "09:59", "10:00"].map((time) => found(`2026-10-05T${time}`))).toEqual([
    0, 1, 1, 1, 0,
  ]);
});

/** A rule takes a millisecond to read. */
const RUNS = { numRuns: 40 };

const zones = fc.constantFrom(
  "Europe/Rome",
  "America/New_York",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "UTC",
);
const rules = fc.constantFrom(
  "FREQ=WEEKLY;BYDAY=MO,WE",
  "FREQ=DAILY;INTERVAL=3",
  "FREQ=MONTHLY;BYDAY=-1FR",
  "FREQ=WEEKLY;INTERVAL=2;COUNT=40",
  "FREQ=YEARLY;BYMONTH=3,10;BYDAY=SU,MO",
);
const starts = fc
  .integer({ min: 0, max: 24 * 60 * 400 })
  .map((minute) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000));
const local = (date: Date) => date.toISOString().slice(0, 16);
const calendars = fc
  .record({ zone: zones, rule: rules, start: starts, minutes: fc.integer({ min: 1, max: 600 }) })
  .map(({ zone, rule, start, minutes }) => ({
    zone,
    start,
    events: lecture(
      `start: ${local(start)}, end: ${local(new Date(start.getTime() + minutes * 60_000))}, repeat: "${rule}"`,
      zone,
    ),
  }));
const instants = fc
  .integer({ min: 0, max: 3 * 365 * 24 * 60 })
  .map((minute) => at("2026-01-01T00:00") + minute * 60_000);

it("expands a span as its parts, whatever they are", () => {
  fc.assert(
    fc.property(calendars, fc.array(instants, { minLength: 3, maxLength: 3 }), ({ events }, [...times]) => {
      const [a = 0, b = 0, c = 0] = times.sort((one, other) => one - other);
      const whole = occurrencesIn(events, a, c);
      expect([...occurrencesIn(events, a, b), ...occurrencesIn(events, b, c)]).toEqual(whole);
      expect(whole.map(({ start }) => start)).toEqual(
        whole.map(({ start }) => start).sort((one, other) => one - other),
      );
      for (const { start, end } of whole) expect(end).toBeGreaterThan(start);
    }),
    RUNS,
  );
});

it("starts at the same time of day, or later where clocks skip it", () => {
  fc.assert(
    fc.property(calendars, ({ events, zone, start }) => {
      const timeOfDay = start.getTime() % DAY;
      for (const one of occurrencesIn(events, at("2026-01-01T00:00"), at("2029-01-01T00:00"))) {
        const wall = timeZoneOf(zone)?.wallOf(one.start) ?? Number.NaN;
        const late = (((wall - timeOfDay) % DAY) + DAY) % DAY;
        expect([0, HOUR / 2, HOUR]).toContain(late);
        if (late > 0) expect(timeZoneOf(zone)?.wallOf(one.start - late)).not.toBe(wall - late);
      }
    }),
    RUNS,
  );
});

it("removes an exception, and it alone", () => {
  fc.assert(
    fc.property(calendars, fc.nat(), ({ events: [event], zone }, number) => {
      if (!event) throw new Error("no event");
      const found = occurrencesIn([event], at("2026-01-01T00:00"), at("2029-01-01T00:00"));
      const left = found[number % Math.max(found.length, 1)];
      if (!left) return;
      const wall = timeZoneOf(zone)?.wallOf(left.start) ?? Number.NaN;
      const rest = occurrencesIn(
        [{ ...event, except: [wall] }],
        at("2026-01-01T00:00"),
        at("2029-01-01T00:00"),
      );
      // Where clocks skip the start, the exception has the time that was written.
      if (rest.length < found.length) expect(rest).toEqual(found.filter((one) => one !== left));
      else expect(zone === "UTC").toBe(false);
    }),
    RUNS,
  );
});
