import { describe, expect, it } from "vitest";
import { readCalendarFile } from "../../../components/calendar/file/calendar-file.ts";
import { type Occurrence, occurrencesIn } from "../../../components/calendar/occurrence.ts";
import { scaledPlaceholder } from "../../../components/cluster/warm-up/placeholder.ts";
import { FakeCluster } from "../../../components/cluster/warm-up/testing/fake-cluster.ts";
import { tick } from "../../../components/cluster/warm-up/tick/tick.ts";
import {
  instantText,
  readWindows,
  type Windows,
  windowsText,
} from "../../../components/cluster/warm-up/windows.ts";
import { planWarmUp } from "./plan-warm-up.ts";
import { plannedHub, someProfile } from "./testing/planned-hub.ts";

const MINUTE = 60_000;
/** From Monday, 28 September 2026, to Sunday, 10 January: the clocks of Rome and of New York change within. */
const WEEKS = 15;
const FROM = Date.parse("2026-09-28T00:00:00Z");
const UNTIL = FROM + (WEEKS * 7 + 2) * 24 * 60 * MINUTE;
const DAYS = ["MO", "TU", "WE", "TH", "FR"];
const HOURS = ["08:15", "10:00", "11:45", "14:00"];
const ZONES = ["Europe/Rome", "America/New_York"];

/** 40 lectures a week: on each day four in each of two places, of which some overlap and some are next to each other. */
function semester(): string {
  const events = DAYS.flatMap((day, dayIndex) =>
    HOURS.flatMap((hour, hourIndex) =>
      ZONES.map((zone, place) => {
        const date = `2026-${dayIndex < 3 ? "09" : "10"}-${["28", "29", "30", "01", "02"][dayIndex]}`;
        const [hours = 0, minutes = 0] = hour.split(":").map(Number);
        const end = `${String(hours + 1 + (hourIndex % 2)).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
        return `  - {id: l-${dayIndex}-${hourIndex}-${place}, kind: lecture, title: A lecture, hub: campus/prod, timeZone: ${zone}, start: ${date}T${hour}, end: ${date}T${end}, repeat: FREQ=WEEKLY;BYDAY=${day};COUNT=${WEEKS}, people: ${20 + 10 * hourIndex}, warmUp: ${30 + 15 * place}m, profile: ${place === 0 ? "python" : "gpu"}}`;
      }),
    ),
  );
  return `events:\n${events.join("\n")}\n`;
}

const EVENTS = readCalendarFile(semester(), "semester.yaml").events;
const OCCURRENCES = occurrencesIn(EVENTS, FROM, UNTIL);
const PROFILES = ["python", "gpu"];

/** What a deployment before the semester writes to the cluster, as `lectern tick` reads it there. */
function deployedWindows(): Windows {
  const plan = planWarmUp({
    hubs: [plannedHub()],
    rendered: PROFILES.map((slug) => someProfile(slug, { kubespawner_override: { mem_guarantee: "2G" } })),
    events: EVENTS,
    now: FROM,
  });
  const placeholders = Object.fromEntries(
    (plan?.placeholders ?? []).map((one) => [one.key, scaledPlaceholder(one, "jupyterhub")]),
  );
  const { text } = windowsText({ until: plan?.until ?? 0, placeholders, windows: plan?.windows ?? [] });
  return readWindows(text, "windows.json");
}

/** What each minute has to have at least, and may have at most, told from the calendar alone. */
function needed(): Record<"least" | "most", Map<string, number[]>> {
  const minutes = (UNTIL - FROM) / MINUTE;
  const empty = () => new Map(PROFILES.map((key) => [key, new Array<number>(minutes).fill(0)]));
  const [least, most] = [empty(), empty()];
  const add = (
    counts: Map<string, number[]>,
    { profile = "", people }: Occurrence,
    from: number,
    to: number,
  ) => {
    const of = counts.get(profile) ?? [];
    for (let minute = (from - FROM) / MINUTE; minute < (to - FROM) / MINUTE; minute++)
      of[minute] = (of[minute] ?? 0) + people;
  };
  for (const one of OCCURRENCES) {
    add(least, one, one.start - (one.profile === "python" ? 30 : 45) * MINUTE, one.start);
    add(most, one, one.start - (one.profile === "python" ? 30 : 45) * MINUTE, one.start + 10 * MINUTE);
  }
  return { least, most };
}

describe("a semester of 15 weeks and 40 lectures a week, with two changes of clocks", () => {
  it("is what the calendar says", () => {
    expect(OCCURRENCES).toHaveLength(15 * 40);
    for (const zone of ZONES) {
      const own = OCCURRENCES.filter(({ timeZone }) => timeZone === zone);
      // The same local time is at another time in UTC after the clocks have changed.
      expect(new Set(own.map(({ start }) => instantText(start).slice(11, 16))).size).toBe(2 * HOURS.length);
    }
  });

  it("minute by minute, no warm-up is late and none is left over, and nothing is written that is right already", {
    timeout: 600_000,
  }, async () => {
    const windows = deployedWindows();
    const cluster = new FakeCluster();
    const { least, most } = needed();
    const wrong: string[] = [];
    let changes = 0;
    for (let now = FROM; now < UNTIL; now += MINUTE) {
      const before = new Map(cluster.has);
      const { writes } = cluster;
      const { problems } = await tick(windows, cluster, { now });
      const changed = [...cluster.has].filter(([name, count]) => (before.get(name) ?? 0) !== count).length;
      changes += changed;
      const minute = (now - FROM) / MINUTE;
      for (const key of PROFILES) {
        const has = cluster.has.get(windows.placeholders[`prod/${key}`]?.name ?? "") ?? 0;
        const low = least.get(key)?.[minute] ?? 0;
        const high = most.get(key)?.[minute] ?? 0;
        if (has < low || has > high || problems.length > 0 || cluster.writes - writes !== changed)
          wrong.push(`${instantText(now)} ${key}: ${has}, not ${low} to ${high}`);
      }
    }
    expect(wrong).toEqual([]);
    // Each lecture is warmed up, and its room given back in steps.
    expect(changes).toBeGreaterThan(15 * 40);
    expect([...cluster.has.values()]).toEqual([0, 0]);
  });
});
