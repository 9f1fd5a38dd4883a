import fc from "fast-check";
import { expect, it } from "vitest";
import { formatWallTime, parseWallTime, timeZoneOf, type WallTime } from "./time-zone.ts";

const zoneOf = (name: string) => {
  const zone = timeZoneOf(name);
  if (!zone) throw new Error(`unknown zone ${name}`);
  return zone;
};
const wallOf = (text: string): WallTime => parseWallTime(text) ?? Number.NaN;
const instant = (local: string, zone: string) =>
  new Date(zoneOf(zone).instantOf(wallOf(local))).toISOString().slice(0, 16);

it.each([
  ["2026-10-05T09:15", "Europe/Rome", "2026-10-05T07:15"],
  ["2026-10-26T09:15", "Europe/Rome", "2026-10-26T08:15"],
  ["2026-07-01T09:15", "America/New_York", "2026-07-01T13:15"],
  ["2026-07-01T09:15", "Asia/Kathmandu", "2026-07-01T03:30"],
  ["2026-07-01T09:15", "Pacific/Kiritimati", "2026-06-30T19:15"],
])("%s in %s is %s UTC", (local, zone, utc) => expect(instant(local, zone)).toBe(utc));

it("takes a time that clocks skip as much later as they skip", () => {
  expect(instant("2026-03-29T02:30", "Europe/Rome")).toBe("2026-03-29T01:30");
  // Half an hour on Lord Howe Island.
  expect(instant("2026-10-04T02:10", "Australia/Lord_Howe")).toBe("2026-10-03T15:40");
});

it("takes the first of a time that clocks show twice", () => {
  expect(instant("2026-10-25T02:30", "Europe/Rome")).toBe("2026-10-25T00:30");
  expect(instant("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30");
});

it("shows an instant as the time that it was made of, unless clocks skip that", () => {
  const zones = fc.constantFrom(
    ...["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC", "Asia/Kolkata"].map(
      zoneOf,
    ),
  );
  const minutes = fc.integer({ min: 0, max: 60 * 24 * 365 * 4 });
  fc.assert(
    fc.property(zones, minutes, (zone, minute) => {
      const wall = Date.UTC(2025, 0, 1) + minute * 60_000;
      const at = zone.instantOf(wall);
      const shown = zone.wallOf(at);
      if (shown === wall) {
        // Nothing earlier shows it.
        expect(zone.wallOf(at - 1_800_000)).not.toBe(wall);
        expect(zone.wallOf(at - 3_600_000)).not.toBe(wall);
      } else {
        expect([1_800_000, 3_600_000]).toContain(shown - wall);
        expect(zone.wallOf(at - (shown - wall))).not.toBe(wall);
      }
    }),
  );
});

it("knows the zones of the IANA database alone", () => {
  expect(timeZoneOf("Europe/Rome")?.name).toBe("Europe/Rome");
  for (const name of ["Europe/Atlantis", "+02:00", "", "W. Europe Standard Time"])
    expect(timeZoneOf(name)).toBeUndefined();
});

it("reads local times, and refuses days that a month hasn't", () => {
  expect(formatWallTime(wallOf("2026-10-05T09:15:30"))).toBe("2026-10-05T09:15");
  for (const text of [
    "2026-02-30T09:15",
    "2026-10-05",
    "2026-10-05T9:15",
    "2026-10-05T09:15Z",
    "2026-10-05T24:00",
  ])
    expect(parseWallTime(text)).toBeUndefined();
});
