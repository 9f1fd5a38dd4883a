import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../problem/problem.ts";
import { readCalendarFile } from "../file/calendar-file.ts";
import { occurrencesIn } from "../occurrence.ts";
import { timeZoneOf } from "../time/time-zone.ts";
import { eventsOfIcs } from "./ics-events.ts";

const fixture = (name: string) => readFileSync(join(import.meta.dirname, "testing", name), "utf8");

/** Reads as a calendar takes it whose matches are these. */
function read(text: string, match: string, from = "file: lectures.ics") {
  const yaml = `timeZone: Europe/Rome\ncalendars:\n- {${from}, match: [${match}]}\n`;
  const [source] = readCalendarFile(yaml, "calendar/autumn.yaml").sources;
  if (!source) throw new Error("no source");
  const { events, problems } = eventsOfIcs(text, source);
  return { events, problems: problems.map((one) => `${one.severity} ${formatProblem(one)}`) };
}

/** `title local start/local end`, in Rome, of every occurrence. */
function shown({ events }: ReturnType<typeof read>): string[] {
  const all = occurrencesIn(events, Date.UTC(2026, 0), Date.UTC(2028, 0));
  return all.map(({ title, start, end, timeZone }) => {
    const local = (at: number) =>
      new Date(timeZoneOf(timeZone)?.wallOf(at) ?? Number.NaN).toISOString().slice(5, 16);
    return `${title} ${local(start)}/${local(end)}`;
  });
}

const ALGEBRA = '{summary: "Algebra*", hub: campus/prod, kind: lecture, people: 300, profile: python}';

describe.each([
  ["as they are", (text: string) => text],
  ["with the line ends of RFC 5545", (text: string) => text.replaceAll("\n", "\r\n")],
  ["with a byte order mark", (text: string) => `\uFEFF${text}`],
])("calendars %s", (_, changed) => {
  it("of Google: exceptions, a moved occurrence, a cancelled one and whole days", () => {
    const found = read(changed(fixture("google.ics")), ALGEBRA);
    expect(found.problems).toEqual([]);
    expect(shown(found)).toEqual([
      "Algebra I 10-12T09:15/10-12T11:00",
      "Algebra I 10-26T09:15/10-26T11:00",
      "Moved to the afternoon 11-03T14:00/11-03T15:45",
      "Algebra retreat 12-07T00:00/12-09T00:00",
    ]);
    expect(found.events[0]).toMatchObject({
      hub: "campus/prod",
      kind: "lecture",
      people: 300,
      profile: "python",
    });
    expect(found.events.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^algebra-i-[0-9a-f]{8}$/),
      expect.stringMatching(/^moved-to-the-afternoon-[0-9a-f]{8}$/),
      expect.stringMatching(/^algebra-retreat-[0-9a-f]{8}$/),
    ]);
  });

  it("of Outlook: zones that the file defines, under names of its own", () => {
    const found = read(
      changed(fixture("outlook.ics")),
      "{hub: campus/prod, kind: workshop, title: Statistics}",
    );
    expect(found.problems).toEqual([]);
    // 14:30 in Pune is 11:00 in Rome. The last Monday is after the change of clocks.
    expect(shown(found)).toEqual([
      "Statistics 10-12T09:15/10-12T10:45",
      "Statistics 10-13T11:00/10-13T12:30",
      "Statistics 10-19T09:15/10-19T10:45",
      "Statistics 11-02T09:15/11-02T10:45",
    ]);
  });

  it("of Moodle: times in UTC, by the course's category, without what has no duration", () => {
    const found = read(
      changed(fixture("moodle.ics")),
      "{category: STAT-*, hub: campus/prod, kind: exam, profile: r}",
    );
    expect(shown(found)).toEqual(["Written exam 01-25T09:00/01-25T11:00"]);
    expect(found.events[0]?.offered).toEqual(["r"]);
    expect(found.problems).toEqual([
      'warning calendar/lectures.ics: the event "Sheet 3 is due" has no duration, so it is left out. Correct it in the calendar, or let no match take it.',
    ]);
    const other = read(changed(fixture("moodle.ics")), "{category: alg-201, hub: campus/prod, kind: exam}");
    expect(shown(other)).toEqual(["Written exam 01-26T09:00/01-26T10:30"]);
  });
});

const calendar = (...lines: string[]) =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
const event = (...lines: string[]) => ["BEGIN:VEVENT", "UID:1", "SUMMARY:Algebra", ...lines, "END:VEVENT"];

it("takes what an event with a time zone excludes in another one, or as a day", () => {
  const series = event(
    "DTSTART;TZID=Europe/Rome:20261005T091500",
    "DTEND;TZID=Europe/Rome:20261005T110000",
    "RRULE:FREQ=WEEKLY;COUNT=4",
    "EXDATE:20261012T071500Z",
    "EXDATE;VALUE=DATE:20261019",
    "RDATE;VALUE=PERIOD:20261020T120000Z/PT1H",
  );
  expect(shown(read(calendar(...series), ALGEBRA))).toEqual([
    "Algebra 10-05T09:15/10-05T11:00",
    "Algebra 10-20T14:00/10-20T15:45",
    "Algebra 10-26T09:15/10-26T11:00",
  ]);
});

it("keeps the time of day of a zone that a file defines when clocks change", () => {
  const text = fixture("outlook.ics").replaceAll("UNTIL=20261102T081500Z", "COUNT=30");
  for (const one of shown(read(text, "{summary: '*Statistik', hub: a/b, kind: lecture}")))
    expect(one).toMatch(/T09:15\/.*T10:45$/);
});

it.each([
  [
    "hello",
    /error calendar\/lectures\.ics: this is no calendar: it does not begin with BEGIN:VCALENDAR\. Export/,
  ],
  ["BEGIN:VCALENDAR\nBEGIN:VEVENT\n", /this is no calendar: it is cut off/],
  [
    calendar(...event("DTSTART;TZID=Mars/Olympus:20261005T091500", "DURATION:PT1H")),
    /the event "Algebra" can't be read: its time zone "Mars\/Olympus" is neither defined in the file nor a name/,
  ],
  [calendar(...event("DURATION:PT1H")), /the event "Algebra" can't be read: its DTSTART is missing/],
  [
    calendar(...event("DTSTART:20261005T091500", "DURATION:PT1H", "RRULE:FREQ=MINUTELY;COUNT=3")),
    /the event "Algebra" can't be read: FREQ is MINUTELY: expected one of/,
  ],
  [
    calendar(
      ...event(
        "DTSTART:20261005T091500",
        "DURATION:PT1H",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261005T091500",
      ),
    ),
    /can't be read: it changes all later occurrences at once/,
  ],
  [
    calendar(...event("DTSTART:20261005T091500", "DURATION:P60D")),
    /the event "Algebra" lasts more than 31 days/,
  ],
  [calendar(...event("DTSTART:2026", "DURATION:PT1H")), /the event "Algebra" can't be read: /],
])("says what is wrong with %j", (text, expected) => {
  expect(read(text, "{hub: a/b, kind: lecture}").problems[0]).toMatch(expected);
});

it("warns of patterns that take nothing, with the titles that there are", () => {
  expect(read(fixture("moodle.ics"), "{summary: Algebra, hub: a/b, kind: lecture}").problems).toEqual([
    'warning calendar/autumn.yaml:3:42 calendars[0].match[0].summary: no event of the calendar has such a title. Its events are "Written exam", "Sheet 3 is due"; * is any text.',
  ]);
});

it("only warns of what an address gives, which others change", () => {
  const text = calendar(...event("DURATION:PT1H"));
  expect(read(text, "{hub: a/b, kind: lecture}", "url: https://example.org/a.ics").problems).toEqual([
    expect.stringMatching(
      /^warning calendar\/autumn\.yaml:3:9 calendars\[0\]\.url: the event "Algebra" can't be read/,
    ),
  ]);
});
