import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../testing/command-test.ts";
import { thisWorld } from "../world.ts";
import { checkPlaces } from "./places.ts";

const root = temporaryFolder("places");
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, "catalog", path)), { recursive: true });
  writeFileSync(join(root, "catalog", path), text);
};
const NOW = Date.parse("2026-10-18T07:00Z");
const GROUP = {
  ...{ slug: "standard", display_name: "Standard", node_selector: { pool: "standard" } },
  ...{ capacity: { memory: "64Gi" }, reserved: { memory: "4Gi" } },
};
const event = (kind: string, people: number) =>
  `timeZone: Europe/Rome\nevents: [{id: a, kind: ${kind}, title: Algebra, hub: campus/prod, start: 2026-10-19T09:00, end: 2026-10-19T11:00, people: ${people}, profile: small}]\n`;

beforeEach(() => {
  write(
    "clusters/campus/cluster.yaml",
    'hubs: [{name: prod, chart: {repository: "https://hub.jupyter.org/helm-chart/", name: jupyterhub, version: 4.4.0}, gate: none}]\n',
  );
  write(
    "clusters/campus/profiles.yaml",
    "- {display_name: Small, node_groups: standard, kubespawner_override: {mem_limit: 4G, mem_guarantee: 2G}}\n",
  );
});

async function check(
  calendar: string,
  group: object = { ...GROUP, max_nodes: 2 },
  answer = new Response("gone", { status: 404 }),
) {
  write("calendar/autumn.yaml", calendar);
  write("clusters/campus/node-groups.json", JSON.stringify([group]));
  const real = thisWorld(root);
  const world = { ...real, fetch: async () => answer.clone(), clock: { ...real.clock, now: () => NOW } };
  return checkPlaces(world, "catalog");
}

it.each([
  ["exam", 30, "passed", "30 people, and places for 30: 15 on each of 2 nodes of standard"],
  ["exam", 31, "failed", "31 people, and places for 30: .*; 1 person has no place"],
  ["lecture", 61, "skipped", "61 people, and places for 60: .*; 1 person has no place"],
])("of an event of the next 48 hours: %s with %i people has %s", async (kind, people, state, text) => {
  const [finding, ...others] = await check(event(kind, people));
  expect(others).toEqual([]);
  expect(finding?.state).toBe(state);
  expect(finding?.message).toMatch(
    new RegExp(`^2026-10-19 09:00 {2}Algebra {2}campus/prod {2}\\(Europe/Rome\\): ${text}$`),
  );
});

it("says what is missing to know it, and which command finds what is wrong with the catalog", async () => {
  expect(await check(event("exam", 3), GROUP)).toMatchObject([
    { state: "skipped", message: expect.stringContaining("lacks max_nodes of standard") },
  ]);
  expect(await check("evnts: []")).toMatchObject([{ state: "skipped", fix: "npx lectern validate catalog" }]);
  expect(await check("events: []")).toEqual([]);
});

describe("a calendar on the web", () => {
  const taken = (events: string) =>
    `${events}calendars: [{url: "https://timetable.example/a.ics", match: [{kind: lecture, hub: campus/prod}]}]\n`;

  it("that can't be fetched is reported with what to do about it, and without a copy nothing is known", async () => {
    expect(await check(taken(event("exam", 30)))).toEqual([
      {
        state: "skipped",
        message:
          "whether people of the next events have places is not known: the calendar on timetable.example can't be fetched: the server answered 404",
        fix: expect.stringMatching(/^Open its address without being logged in/),
      },
    ]);
  });

  it("that is as it was is reported, and the places are counted by the copy", async () => {
    await check(taken(event("exam", 30)), undefined, new Response("BEGIN:VCALENDAR\nEND:VCALENDAR\n"));
    expect(await check(taken(event("exam", 30)))).toEqual(
      expect.arrayContaining([
        {
          state: "skipped",
          fix: expect.any(String),
          message: expect.stringMatching(/timetable\.example can't be fetched: .*; the copy of/),
        },
        { state: "passed", message: expect.stringContaining("places for 30") },
      ]),
    );
  });
});
