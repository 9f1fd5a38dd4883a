import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { targetsIn } from "../../components/calendar/targets.ts";
import { formatWallTime } from "../../components/calendar/time/time-zone.ts";
import { textOf } from "../../components/cluster/cluster-files.ts";
import { isObject } from "../../components/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { parseYaml } from "../../components/problem/yaml-file.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Where an event takes place, and in which local time. */
export interface EventPlace {
  /** A hub and one of its profiles, where they are known, or a course. */
  readonly at: { readonly hub: string; readonly profile?: string | undefined } | { readonly course: string };
  /** Of the IANA database. */
  readonly timeZone: string;
  /** The present, as clocks there show it, in milliseconds. */
  readonly today: number;
}

/**
 * Where the event of a catalog takes place: on its first production hub, else on its first hub, else in its first course.
 * @throws {LecternError} where it has none of these
 */
export async function eventTarget(catalog: string): Promise<EventPlace["at"]> {
  const { hubs, courses } = await targetsIn(catalog);
  const ids = [...hubs.keys()];
  const hub = ids.find((id) => id.endsWith("/prod")) ?? ids[0];
  if (hub !== undefined) return { hub, profile: hubs.get(hub)?.[0] };
  const [course] = courses;
  if (course !== undefined) return { course };
  throw new LecternError({
    code: "no-place",
    severity: "error",
    message: "the catalog has no hub and no course that an event could be of",
    remedy: "Make one first, with `lectern new cluster NAME` or `lectern new course NAME`",
  });
}

/**
 * The file of a calendar that has an event with an ID, as far as its files can be read: what is wrong with them is reported
 * elsewhere.
 * @param folder the calendar's
 */
export async function eventFileWith(id: string, folder: string): Promise<string | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[^._].*\.ya?ml$/.test(name));
  for (const path of names.sort().map((name) => join(folder, name))) {
    const { value } = parseYaml((await textOf(path)) ?? "", path);
    const events = isObject(value) && Array.isArray(value["events"]) ? value["events"] : [];
    if (events.some((event) => isObject(event) && event["id"] === id)) return path;
  }
  return undefined;
}

/** The file of a new event: a lecture every week, from a Monday at least two weeks from now. */
export function eventFiles(id: string, title: string, { at, timeZone, today }: EventPlace) {
  const day = Math.floor(today / DAY) * DAY + 14 * DAY;
  const monday = day + ((8 - new Date(day).getUTCDay()) % 7) * DAY;
  const place =
    "hub" in at
      ? `    # The hub that people use, or the folder of the course that they open: "course: …".\n    hub: ${JSON.stringify(at.hub)}\n`
      : `    # The folder of the course that people open, or the hub that they use: "hub: campus/prod".\n    course: ${JSON.stringify(at.course)}\n`;
  const servers =
    "hub" in at
      ? `
    # So many servers are there half an hour before, of this profile, by its slug:
    # people: 300
    # profile: ${JSON.stringify(at.profile ?? "standard")}
`
      : "";
  return {
    [`${id}.yaml`]: `# Lectures, workshops and exams: what people need in them stays as it is, and their servers are prepared.

# Where the clocks on the wall are.
timeZone: ${timeZone}

events:
  # Stays when the title changes.
  - id: ${JSON.stringify(id)}
    # lecture, workshop or exam
    kind: lecture
    title: ${JSON.stringify(title)}
${place}
    # The first time, as clocks on the wall show it.
    start: ${formatWallTime(monday + 9 * HOUR)}
    end: ${formatWallTime(monday + 11 * HOUR)}
    # When it comes again, as a rule of RFC 5545. Left out are the starts in "except: […]", added those in "also: […]".
    repeat: FREQ=WEEKLY;COUNT=15
${servers}
    # How long before its start and after its end nothing changes that it needs; before an exam, a day.
    # freeze: {before: 1h, after: 0m}
`,
  };
}
