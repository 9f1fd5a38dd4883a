import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { formatProblem } from "../../problem/problem.ts";
import { readCalendarFile } from "../file/calendar-file.ts";
import { textOfSource } from "./source-text.ts";

let copies: string;
beforeEach(async () => {
  copies = await mkdtemp(join(tmpdir(), "lectern-calendars-"));
});
afterEach(() => rm(copies, { recursive: true }));

const URL = "https://calendar.example.org/private-c0ffee/basic.ics";
const ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";

function source(url = URL) {
  const match = "match: [{hub: a/b, kind: lecture}]";
  const [one] = readCalendarFile(
    `timeZone: UTC\ncalendars: [{url: "${url}", ${match}}]`,
    "autumn.yaml",
  ).sources;
  if (!one) throw new Error("no source");
  return one;
}

const clock = { now: () => 0, sleep: () => Promise.resolve() };

/** Reads the source, from a server that gives these answers in turn. */
async function read(...answers: (() => Response)[]) {
  let number = 0;
  const fetch = (() => {
    const answer = answers[Math.min(number, answers.length - 1)];
    number += 1;
    return Promise.resolve().then(() => {
      if (!answer)
        throw new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ENOTFOUND" }) });
      return answer();
    });
  }) as typeof globalThis.fetch;
  const { text, problems } = await textOfSource(source(), { network: { fetch, clock }, copies });
  return { text, problems: problems.map((one) => `${one.severity} ${formatProblem(one)}`) };
}

const ok =
  (body = ICS) =>
  () =>
    new Response(body);

it("gives what an address has, and keeps a copy for when it has nothing", async () => {
  expect(await read(ok())).toEqual({ text: ICS, problems: [] });
  const [copy = ""] = await readdir(copies);
  await utimes(join(copies, copy), new Date("2026-10-01"), new Date("2026-10-01"));
  expect(await read(() => new Response("", { status: 503 }))).toEqual({
    text: ICS,
    problems: [
      "warning autumn.yaml:2:19 calendars[0].url: the calendar on calendar.example.org can't be fetched: the server answered 503; the copy of 2026-10-01 is used. Check that its address still gives an ICS file.",
    ],
  });
});

it.each([
  ["ENOTFOUND", [], "ENOTFOUND"],
  ["404", [() => new Response("", { status: 404 })], "the server answered 404"],
  ["a page", [ok("<!DOCTYPE html>")], "the answer is no ICS file"],
  [
    "a redirection",
    [() => new Response("", { status: 302, headers: { location: "http://example.org" } })],
    "it is elsewhere; write the address that it redirects to",
  ],
  ["11 MiB", [ok(`${ICS}${" ".repeat(11 * 2 ** 20)}`)], "the response is larger than 10 MiB"],
])(
  "says that %s is no calendar, without the address, which may have a key in it",
  async (_, answers, fault) => {
    const { text, problems } = await read(...answers);
    expect(text).toBeUndefined();
    expect(problems).toEqual([
      `error autumn.yaml:2:19 calendars[0].url: the calendar on calendar.example.org can't be fetched: ${fault}. Open its address without being logged in: it has to give an ICS file. Or export the file into this folder, and write \`file\`.`,
    ]);
    expect(problems[0]).not.toContain("c0ffee");
  },
);

it("tries again once", async () => {
  expect((await read(() => new Response("", { status: 500 }), ok())).text).toBe(ICS);
});

it("fetches nothing without a network", async () => {
  expect(await textOfSource(source(), { copies })).toEqual({ problems: [] });
  await read(ok());
  expect(await textOfSource(source(), { copies })).toEqual({ text: ICS, problems: [] });
  expect(
    (await textOfSource(source("https://calendar.example.org/other.ics"), { copies })).text,
  ).toBeUndefined();
});

it("reports a file that is not there", async () => {
  const yaml = "timeZone: UTC\ncalendars: [{file: a.ics, match: [{hub: a/b, kind: lecture}]}]";
  const [one] = readCalendarFile(yaml, join(copies, "autumn.yaml")).sources;
  if (!one) throw new Error("no source");
  expect((await textOfSource(one, { copies })).problems).toMatchObject([{ path: "calendars[0].file" }]);
  await writeFile(join(copies, "a.ics"), ICS);
  expect(await textOfSource(one, { copies })).toEqual({ text: ICS, problems: [] });
});
