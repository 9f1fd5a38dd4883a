import { expect, it } from "vitest";
import type { WarmUpOutput } from "../../outputs/outputs.ts";
import { warmUpChanges } from "./warm-up-words.ts";

const NOW = Date.parse("2026-10-10T00:00:00Z");
const ALGEBRA: WarmUpOutput = {
  title: "Linear algebra",
  hub: "campus/prod",
  profile: "python",
  people: 300,
  minutes: 30,
  timeZone: "Europe/Rome",
  starts: ["2026-10-05T07:15:00Z", "2026-10-19T07:15:00Z", "2026-10-26T08:15:00Z"],
};

const changes = (before: WarmUpOutput | undefined, after: WarmUpOutput | undefined, now = NOW) =>
  warmUpChanges(
    new Map(before ? [["algebra", before]] : []),
    new Map(after ? [["algebra", after]] : []),
    now,
  );

it("an event that is new is told whole, its times as clocks show them where it is", () => {
  expect(changes(undefined, ALGEBRA)).toEqual([
    "+ Linear algebra: room for 300 servers of python on campus/prod, from 30 min before Mon 2026-10-19 09:15, Mon 2026-10-26 09:15 (Europe/Rome)",
  ]);
});

it("an event that has changed is told by what has changed", () => {
  const starts = [...ALGEBRA.starts.slice(0, 2), "2026-11-02T13:00:00Z"];
  expect(changes(ALGEBRA, { ...ALGEBRA, people: 350, starts })).toEqual([
    "~ Linear algebra: people 300 → 350; also Mon 2026-11-02 14:00 (Europe/Rome); no longer Mon 2026-10-26 09:15 (Europe/Rome)",
  ]);
});

it("of many times, the first and the last are named", () => {
  const starts = Array.from({ length: 15 }, (_, week) =>
    new Date(Date.parse("2026-11-02T08:15:00Z") + week * 7 * 86_400_000).toISOString(),
  );
  expect(changes(undefined, { ...ALGEBRA, starts })[0]).toMatch(
    /before Mon 2026-11-02 09:15 and 14 more until Mon 2027-02-08 09:15 \(Europe\/Rome\)$/,
  );
});

it("an event that is removed is told, and nothing that is over or stays as it is", () => {
  expect(changes(ALGEBRA, undefined)).toEqual(["- Linear algebra: no longer warmed up"]);
  const past = Date.parse("2026-12-01T00:00:00Z");
  expect(changes(ALGEBRA, undefined, past)).toEqual([]);
  expect(changes(undefined, ALGEBRA, past)).toEqual([]);
  expect(changes(ALGEBRA, { ...ALGEBRA, people: 1 }, past)).toEqual([]);
  expect(changes(ALGEBRA, { ...ALGEBRA, starts: ALGEBRA.starts.slice(1) })).toEqual([]);
});
