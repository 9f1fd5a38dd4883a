import { expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { readCalendarFile } from "./calendar-file.ts";

/** `line:column field: message. Remedy`, of each problem. */
function problems(text: string): string[] {
  try {
    readCalendarFile(text, "catalog/calendar/autumn.yaml");
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return error.problems.map(
      ({ line, column, path, message, remedy }) => `${line}:${column} ${path ?? ""}: ${message}. ${remedy}`,
    );
  }
  return [];
}

/** A calendar whose event has a problem on line 3. */
const calendar = (fields: string) =>
  `timeZone: Europe/Rome\nevents:\n- {id: one, kind: lecture, title: One, ${fields}}\n`;
const TIMES = "start: 2026-10-05T09:15, end: 2026-10-05T11:00";

it("fills in what a short event leaves out", () => {
  const [event] = readCalendarFile(calendar(`hub: campus/prod, ${TIMES}`), "autumn.yaml").events;
  expect(event).toMatchObject({ id: "one", people: 0, offered: [], warmUp: 1_800_000, except: [], also: [] });
  expect(event?.freeze).toEqual({ before: 3_600_000, after: 0 });
  expect(event?.timeZone.name).toBe("Europe/Rome");
});

it.each([
  [`hub: campus, ${TIMES}`, /^3:45 events\[0\]\.hub: expected a cluster and a hub, such as campus\/prod/],
  [TIMES, /^3:3 events\[0\]: one has no hub and no course\. Add the hub/],
  [`hub: a/b, course: c, ${TIMES}`, /^3:58 events\[0\]\.course: one has a hub and a course\. Keep one/],
  [
    "hub: a/b, start: 2026-10-05T09:15+02:00, end: 2026-10-05T11:00",
    /^3:57 events\[0\]\.start: expected a local time without an offset/,
  ],
  ["hub: a/b, start: 2026-02-30T09:15, end: 2026-10-05T11:00", /start: expected a local time such as/],
  ["hub: a/b, start: 2026-10-05T11:00, end: 2026-10-05T11:00", /end: one ends before it starts\. Correct/],
  ["hub: a/b, start: 2026-10-05T11:00, end: 2027-10-05T11:00", /end: one lasts 365 days\. Correct/],
  [
    `hub: a/b, ${TIMES}, repeat: weekly`,
    /repeat: this is no recurrence: "WEEKLY" is no part of a rule\. Write/,
  ],
  [
    `hub: a/b, ${TIMES}, repeat: FREQ=HOURLY`,
    /repeat: this is no recurrence: FREQ is HOURLY: expected one of/,
  ],
  [`hub: a/b, ${TIMES}, repeat: FREQ=WEEKLY;BYDAY=XX`, /repeat: this is no recurrence: .*XX\. Write/],
  [
    `hub: a/b, ${TIMES}, repeat: FREQ=WEEKLY;UNTIL=soon`,
    /repeat: this is no recurrence: UNTIL is SOON: expected/,
  ],
  [
    `hub: a/b, ${TIMES}, repeat: FREQ=WEEKLY, except: [2026-10-12T09:00]`,
    /except\[0\]: nothing starts at 2026-10-12T09:00, so there is nothing to leave out\. Write the local start/,
  ],
  [
    `hub: a/b, ${TIMES}, repeat: FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30`,
    /repeat: one never takes place: the rule gives no day in the ten years/,
  ],
  [
    `hub: a/b, ${TIMES}, repeat: FREQ=WEEKLY;UNTIL=20261004`,
    /repeat: one never takes place: .* UNTIL is after `start`/,
  ],
  [
    `course: c, ${TIMES}, profile: p`,
    /profile: one is of a course, and only hubs have profiles\. Name the hub/,
  ],
  [`hub: a/b, ${TIMES}, warmUp: 30`, /warmUp: expected a duration such as "30m"/],
  [`hub: a/b, ${TIMES}, freeze: {befor: 1h}`, /freeze\.befor: unknown key "befor"\. Did you mean "before"/],
  [`hub: a/b, ${TIMES}, timeZone: Europe/Rom`, /timeZone: expected a time zone of the IANA database/],
  [`hub: a/b, ${TIMES}, offered: [python]`, /offered: one is no exam, so every profile is offered\. Remove/],
  [`hub: a/b, ${TIMES}, courses: [c]`, /courses: one is no exam on a hub, .*\. Remove `courses`, or make/],
])("refuses %s", (fields, expected) => {
  expect(problems(calendar(fields))).toEqual([expect.stringMatching(expected)]);
});

it("wants a time zone", () => {
  expect(problems(`events: [{id: one, kind: exam, title: One, hub: a/b, ${TIMES}}]`)).toEqual([
    "1:10 events[0]: the time zone of one is missing. Add `timeZone` at the top of the file, such as `timeZone: Europe/Rome`",
  ]);
});

it("reports malformed YAML with its line and column", () => {
  expect(problems("events:\n- id: [\n")).toEqual([expect.stringMatching(/^3:1 : this is not YAML/)]);
});

const source = (fields: string) => `timeZone: Europe/Rome\ncalendars:\n- {${fields}}\n`;
const MATCH = "match: [{summary: Algebra*, hub: a/b, kind: lecture}]";

it.each([
  [
    `match: [{kind: lecture, hub: a/b}]`,
    /calendars\[0\]: this calendar has no file and no URL\. Add the `file`/,
  ],
  [
    `file: a.ics, url: "https://example.org/a", ${MATCH}`,
    /url: this calendar has a file and a URL\. Keep one/,
  ],
  [`file: ../a.ics, ${MATCH}`, /file: expected an \.ics file of this folder, by its name/],
  [`url: "http://example.org/a.ics", ${MATCH}`, /url: expected an address that begins with https/],
  [`url: "webcal://example.org/a.ics", ${MATCH}`, /url: expected an address that begins with https/],
  ["file: a.ics, match: []", /match: must not be empty/],
  ["file: a.ics, match: [{kind: lecture}]", /match\[0\]: this match has no hub and no course\. Add the hub/],
])("refuses the calendar %s", (fields, expected) => {
  expect(problems(source(fields))).toEqual([expect.stringMatching(expected)]);
});

it("finds an ICS file in its own folder", () => {
  const { sources } = readCalendarFile(source(`file: a.ics, ${MATCH}`), "catalog/calendar/autumn.yaml");
  expect(sources[0]?.from).toEqual({ file: "catalog/calendar/a.ics" });
});
