import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { type CalendarOptions, showCalendar } from "./calendar.ts";

const catalog = temporaryFolder("calendar");
const printed = capturePrinted();

beforeEach(() => {
  mkdirSync(join(catalog, "calendar"));
  mkdirSync(join(catalog, "clusters/campus"), { recursive: true });
  writeFileSync(
    join(catalog, "clusters/campus/cluster.yaml"),
    "hubs: [{name: prod, chart: hub, gate: none}]\n",
  );
});

const write = (name: string, text: string) => writeFileSync(join(catalog, "calendar", name), text);

const AUTUMN = `
timeZone: Europe/Rome
events:
- id: algebra
  kind: lecture
  title: Linear algebra
  hub: campus/prod
  start: 2026-10-19T09:15
  end: 2026-10-19T11:00
  repeat: FREQ=WEEKLY;COUNT=3
  people: 300
  profile: python
`;

/** Three days before the first lecture, in the evening. */
const NOW = Date.parse("2026-10-16T21:00Z");

async function show(options: CalendarOptions = {}): Promise<string> {
  const code = await showCalendar({ catalog, ...options }, NOW);
  return `${printed.out.join("")}${printed.err.join("")}${code}`;
}

it("prints one document with times in UTC", async () => {
  write("autumn.yaml", AUTUMN);
  const text = await show({ json: true, from: "2026-10-26", to: "2026-10-26" });
  const document: unknown = JSON.parse(text.slice(0, -1));
  expect(document).toEqual({
    from: "2026-10-25T23:00:00.000Z",
    to: "2026-10-26T23:00:00.000Z",
    occurrences: [
      {
        event: "algebra",
        kind: "lecture",
        title: "Linear algebra",
        hub: "campus/prod",
        start: "2026-10-26T08:15:00.000Z",
        end: "2026-10-26T10:00:00.000Z",
        timeZone: "Europe/Rome",
        people: 300,
        profile: "python",
        offered: [],
        warmUpFrom: "2026-10-26T07:45:00.000Z",
        freezeFrom: "2026-10-26T07:15:00.000Z",
        freezeUntil: "2026-10-26T10:00:00.000Z",
      },
    ],
  });
});

it("lists every problem of every file", async () => {
  write("autumn.yaml", AUTUMN);
  write("spring.yaml", AUTUMN.replace("FREQ=WEEKLY", "FREQ=HOURLY"));
  write("summer.yaml", "evnts: []\n");
  write("_draft.yaml", "?");
  const text = await show();
  expect(text).toMatch(/spring\.yaml:10:11 events\[0\]\.repeat: this is no recurrence/);
  expect(text).toMatch(/summer\.yaml:1:1 evnts: unknown key "evnts"\. Did you mean "events"\?/);
  expect(text.endsWith("1")).toBe(true);
});

it("refuses two events of one ID, in whichever files", async () => {
  write("autumn.yaml", AUTUMN);
  write("spring.yml", AUTUMN);
  expect(await show()).toMatch(/spring\.yml:4:7 events\[0\]\.id: the calendar already has an event algebra/);
});

const MORE = `
timeZone: Europe/Rome
events:
- id: exam
  kind: exam
  title: Statistics, written exam
  hub: campus/prod
  start: 2026-10-26T14:00
  end: 2026-10-26T16:00
  people: 120
  profile: r
  offered: [r, python]
- id: guest
  kind: workshop
  title: Guest workshop
  course: linear-algebra
  timeZone: America/New_York
  start: 2026-10-26T16:00
  end: 2026-10-27T00:00
`;

const writeMore = () => {
  write("autumn.yaml", AUTUMN);
  write("exams.yaml", MORE);
  mkdirSync(join(catalog, "courses/linear-algebra"), { recursive: true });
};

it("lists the next four weeks by day, in local times, with what is done when", async () => {
  writeMore();
  expect(await show()).toBe(`Monday 19 October 2026
  09:15–11:00  Linear algebra
               lecture · campus/prod · 300 people · profile python
               warm-up from 08:45 · frozen from 08:15 to 11:00

Monday 26 October 2026
  09:15–11:00  Linear algebra
               lecture · campus/prod · 300 people · profile python
               warm-up from 08:45 · frozen from 08:15 to 11:00
  14:00–16:00  Statistics, written exam
               exam · campus/prod · 120 people · profile r · also offers python
               warm-up from 13:30 · frozen from Sun 25 Oct 14:00 to 16:00
  16:00–24:00  Guest workshop (America/New_York)
               workshop · course linear-algebra
               frozen from 15:00 to 24:00

Monday 2 November 2026
  09:15–11:00  Linear algebra
               lecture · campus/prod · 300 people · profile python
               warm-up from 08:45 · frozen from 08:15 to 11:00

5 events until Thursday 12 November 2026. Times are local, in Europe/Rome, unless they name another zone.
0`);
});

it.each(["2026-10-26T08:50", "2026-10-26T07:50Z", "2026-10-26T08:50+01:00"])(
  "shows what is so at %s",
  async (at) => {
    writeMore();
    expect(await show({ at })).toBe(`Monday 26 October 2026, 08:50 (Europe/Rome)

On
  nothing
Warmed up for
  Linear algebra: starts 09:15 · campus/prod · 300 people · profile python
Frozen for
  Linear algebra: campus/prod until 11:00
  Statistics, written exam: campus/prod until 16:00
0`);
  },
);

it("tells programs what is on at a time", async () => {
  writeMore();
  const text = await show({ at: "2026-10-26T09:30", json: true });
  const { at, occurrences } = JSON.parse(text.slice(0, -1)) as {
    at: string;
    occurrences: Record<string, unknown>[];
  };
  expect(at).toBe("2026-10-26T08:30:00.000Z");
  expect(occurrences.map(({ event, on, warmedUp, frozen }) => ({ event, on, warmedUp, frozen }))).toEqual([
    { event: "algebra", on: true, warmedUp: false, frozen: true },
    { event: "exam", on: false, warmedUp: false, frozen: true },
  ]);
});

it("shows days that are over, and refuses a range that ends before it begins", async () => {
  write("autumn.yaml", AUTUMN);
  expect(await show({ to: "2026-10-12" })).toBe(
    "Nothing takes place from Monday 12 October 2026 to Monday 12 October 2026.\n0",
  );
  printed.out.length = 0;
  expect(await show({ from: "2026-10-12", to: "2026-10-11" })).toBe(
    "lectern calendar: --to 2026-10-11 is before --from 2026-10-12\n2",
  );
});

it("finds nothing where there is no calendar", async () => {
  expect(await show()).toMatch(
    /^Nothing takes place from \w+day 1[67] October 2026 to \w+day 1[234] November 2026\.\n0$/,
  );
});
