import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { readCalendarFile } from "../../components/calendar/file/calendar-file.ts";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { showCalendar } from "./calendar.ts";

const GUIDE = readFileSync(
  join(import.meta.dirname, "../../docs/guides/plan-a-lecture-or-an-exam.md"),
  "utf8",
);
const blocks = (language: string) =>
  [...GUIDE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = ""]) =>
    name === language ? text : [],
  );
const [written = "", imported = ""] = blocks("yaml");

const catalog = temporaryFolder("calendar-guide");
const printed = capturePrinted();

beforeEach(() => {
  for (const folder of ["calendar", "clusters/campus"]) mkdirSync(join(catalog, folder), { recursive: true });
  writeFileSync(
    join(catalog, "clusters/campus/cluster.yaml"),
    "hubs: [{name: prod, chart: hub, gate: none}]\n",
  );
  writeFileSync(join(catalog, "clusters/campus/profiles.yaml"), "- {display_name: Standard}\n");
  writeFileSync(join(catalog, "calendar/autumn.yaml"), written);
});

it("the guide shows what the command prints of its calendar", async () => {
  const commands = [...GUIDE.matchAll(/^npx lectern calendar (.*)$/gm)].map(([, options = ""]) =>
    Object.fromEntries(
      [...options.matchAll(/--(\w+) (\S+)/g)].map(([, name = "", value = ""]) => [name, value]),
    ),
  );
  expect(commands).toHaveLength(2);
  for (const options of commands) expect(await showCalendar({ catalog, ...options })).toBe(0);
  expect(printed.err).toEqual([]);
  const shown = blocks("text").filter((text) => /^\w+day /.test(text));
  expect(printed.out).toEqual(shown.slice(0, 2));
});

it("the guide's ICS file is taken as it is written", () => {
  const { sources } = readCalendarFile(imported, "catalog/calendar/autumn.yaml");
  expect(sources[0]?.from).toEqual({ file: "catalog/calendar/timetable.ics" });
  expect(sources[0]?.matches).toHaveLength(2);
});
