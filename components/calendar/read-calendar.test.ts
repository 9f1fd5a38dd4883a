import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { formatProblem, LecternError } from "../problem/problem.ts";
import { readCalendar } from "./read-calendar.ts";

let catalog: string;
beforeEach(async () => {
  catalog = await mkdtemp(join(tmpdir(), "lectern-calendar-"));
  await write(
    "clusters/campus/cluster.yaml",
    "hubs: [{name: staging, chart: hub}, {name: prod, chart: hub}]\n",
  );
  await write("clusters/campus/profiles.yaml", "- {display_name: Small}\n- {display_name: GPU, slug: gpu}\n");
  await write("clusters/other/cluster.yaml", "hubs: [{name: prod, chart: hub}]\n");
  await write("courses/linear-algebra/course.json", "{}");
});
afterEach(() => rm(catalog, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(catalog, path)), { recursive: true });
  await writeFile(join(catalog, path), text);
}

/** The IDs of the events, or every problem. */
async function read(): Promise<string[]> {
  const warnings: string[] = [];
  const clean = (text: string) => text.replaceAll(`${catalog}/calendar/`, "");
  try {
    const events = await readCalendar(join(catalog, "calendar"), {
      offline: true,
      warn: (problem) => warnings.push(`warning ${clean(formatProblem(problem))}`),
    });
    return [...events.map(({ id }) => id), ...warnings];
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return error.problems.map((problem) => clean(formatProblem(problem)));
  }
}

const lecture = (id: string, fields: string) =>
  `- {id: ${id}, kind: exam, title: T, start: 2026-10-05T09:15, end: 2026-10-05T11:00, ${fields}}\n`;
const calendar = (...events: string[]) => `timeZone: Europe/Rome\nevents:\n${events.join("")}`;

it("reads every file, in their order", async () => {
  await write("calendar/b.yml", calendar(lecture("two", "course: linear-algebra")));
  await write(
    "calendar/a.yaml",
    calendar(lecture("one", "hub: campus/prod, profile: small, offered: [small, gpu]")),
  );
  await write("calendar/_c.yaml", "draft");
  await write("calendar/README.md", "Lectures");
  expect(await read()).toEqual(["one", "two"]);
});

it("has no event without a calendar", async () => expect(await read()).toEqual([]));

it("names what a hub, a course or a profile may have meant", async () => {
  await write(
    "calendar/a.yaml",
    calendar(
      lecture("one", "hub: campus/prd"),
      lecture("two", "course: linear-algbra"),
      lecture("three", "hub: campus/prod, profile: smal, offered: [gpu, gqu]"),
      lecture("four", "hub: other/prod, profile: any"),
      lecture("five", "hub: other/prod, courses: [linear-algebra, algebra]"),
    ),
  );
  expect(await read()).toEqual([
    'a.yaml:3:88 events[0].hub: the catalog has no hub "campus/prd". Did you mean "campus/prod" or "campus/staging"?',
    'a.yaml:4:91 events[1].course: the catalog has no course "linear-algbra". Did you mean "linear-algebra"?',
    'a.yaml:5:112 events[2].profile: the hub campus/prod has no profile "smal". Did you mean "small"?',
    'a.yaml:5:133 events[2].offered[1]: the hub campus/prod has no profile "gqu". Did you mean "gpu"?',
    expect.stringMatching(/^a\.yaml:7:\d+ events\[4\]\.courses\[1\]: the catalog has no course "algebra"/),
  ]);
});

it("reports what is wrong with every file", async () => {
  await write("calendar/a.yaml", "evnts: []");
  await write("calendar/b.yaml", "events: {");
  expect(await read()).toEqual([
    expect.stringMatching(/^a\.yaml:1:1 evnts: unknown key "evnts"/),
    expect.stringMatching(/^b\.yaml:1:10: this is not YAML/),
  ]);
});

it("takes events from ICS files, and refuses those that nothing names", async () => {
  const ics = (title: string) =>
    `BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:${title}\nDTSTART:20261005T091500\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n`;
  await write("calendar/a.ics", ics("Algebra"));
  const match =
    "match: [{summary: Algebra, kind: lecture, hub: campus/prod}, {summary: Analysis, kind: lecture, hub: campus/prod}]";
  await write("calendar/a.yaml", `timeZone: UTC\ncalendars: [{file: a.ics, ${match}}]\n`);
  expect(await read()).toEqual([
    expect.stringMatching(/^algebra-[0-9a-f]{8}$/),
    expect.stringMatching(
      /^warning a\.yaml:2:98 calendars\[0\]\.match\[1\]\.summary: no event of the calendar has such a title/,
    ),
  ]);
  await write("calendar/b.ics", ics("Analysis"));
  expect(await read()).toEqual([
    expect.stringMatching(
      /^b\.ics: nothing reads this file: no calendar of this folder names it\. Add it to a YAML file/,
    ),
    expect.stringMatching(/no event of the calendar/),
  ]);
});

it("reports a name of a match that is unknown once, however many events it takes", async () => {
  const event = (uid: string) =>
    `BEGIN:VEVENT\nUID:${uid}\nSUMMARY:Algebra\nDTSTART:20261005T091500\nDURATION:PT1H\nEND:VEVENT\n`;
  await write("calendar/a.ics", `BEGIN:VCALENDAR\n${event("1")}${event("2")}END:VCALENDAR\n`);
  await write(
    "calendar/a.yaml",
    "timeZone: UTC\ncalendars: [{file: a.ics, match: [{kind: lecture, hub: campus/pro}]}]\n",
  );
  expect(await read()).toEqual([
    expect.stringMatching(/^a\.yaml:2:56 calendars\[0\]\.match\[0\]\.hub: the catalog has no hub/),
  ]);
});
