import { z } from "zod";
import { parseWallTime, timeZoneOf } from "../../calendar/time/time-zone.ts";
import { keysKnownTo } from "../../problem/known-keys.ts";
import { didYouMean } from "../../problem/nearest.ts";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { jsonPath, zodProblems } from "../../problem/zod.ts";

const DAY = 86_400_000;

const day = z
  .string()
  .refine((text) => parseWallTime(`${text}T00:00`) !== undefined, "expected a day such as 2026-10-05");

const announcement = z.strictObject({
  text: z.string().trim().min(1).max(1000).describe("What people read: plain text, one paragraph"),
  level: z.enum(["info", "warning", "danger"]).default("info").describe("How it is shown"),
  from: day.optional().describe("The first day on which it is shown. Default: at once"),
  until: day.optional().describe("The last day on which it is shown. Default: until it is removed"),
  hubs: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("The hubs of the cluster that show it, by their names. Default: all of them"),
});

const announcementsFile = z.strictObject({
  timeZone: z
    .string()
    .refine((name) => timeZoneOf(name) !== undefined, {
      error: "expected a time zone of the IANA database, such as Europe/Rome",
    })
    .describe("The time zone of the days in this file, such as Europe/Rome"),
  announcements: z.array(announcement).default([]),
  changesFor: z
    .int()
    .min(0)
    .max(90)
    .default(14)
    .describe(
      "For how many days hubs show what a deployment changed of their profiles and images; 0: not at all",
    ),
});

/** `announcements.yaml` of a cluster. Times are in milliseconds since the epoch. */
export interface AnnouncementsFile {
  readonly announcements: readonly Announcement[];
  /** How long what changed is shown, in milliseconds. */
  readonly changesFor: number;
}

/** Something that hubs show to everybody. */
export interface Announcement {
  readonly text: string;
  readonly level: "info" | "warning" | "danger";
  readonly from?: number;
  /** Exclusive. */
  readonly until?: number;
  /** Names of hubs; undefined for all hubs of the cluster. */
  readonly hubs?: readonly string[];
  /** A problem at one of its fields. */
  readonly at: (
    problem: Pick<Problem, "code" | "message" | "remedy">,
    field: readonly PropertyKey[],
  ) => Problem;
}

/**
 * Reads `announcements.yaml`.
 * @param file relative to the project
 * @throws {LecternError} with every problem
 */
export function readAnnouncements(text: string, file: string): AnnouncementsFile {
  const yaml = parseYaml(text, file);
  if (yaml.problems.length > 0) throw new LecternError(yaml.problems);
  const parsed = announcementsFile.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    const known = keysKnownTo(announcementsFile);
    throw new LecternError(zodProblems(parsed.error, { file, locate: yaml.locate, known }));
  }
  const { timeZone, announcements: written, changesFor } = parsed.data;
  const instantOf = (text: string, days: number) =>
    timeZoneOf(timeZone)?.instantOf((parseWallTime(`${text}T00:00`) ?? 0) + days * DAY) ?? 0;
  const announcements = written.map(({ from, until, hubs, ...rest }, index): Announcement => {
    const at: Announcement["at"] = (problem, field) => {
      const path = ["announcements", index, ...field];
      return { severity: "error", ...problem, file, path: jsonPath(path), ...yaml.locate(path) };
    };
    return {
      ...rest,
      ...(from === undefined ? {} : { from: instantOf(from, 0) }),
      // The last day is shown to its end.
      ...(until === undefined ? {} : { until: instantOf(until, 1) }),
      ...(hubs === undefined ? {} : { hubs }),
      at,
    };
  });
  const problems = announcements.flatMap(neverShown);
  if (problems.length > 0) throw new LecternError(problems);
  return { announcements, changesFor: changesFor * DAY };
}

/** The JSON Schema of `announcements.yaml`, for editors. */
export function announcementsJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(announcementsFile, { io: "input" });
  return { title: "What the hubs of a cluster tell their users", ...schema };
}

function neverShown({ from, until, at }: Announcement): Problem[] {
  if (from === undefined || until === undefined || from < until) return [];
  const message = "the last day is before the first one, so it would never be shown";
  return [at({ code: "invalid-value", message, remedy: "Correct `from` or `until`" }, ["until"])];
}

/** Names of hubs that the cluster does not have. @param hubs the names of its hubs */
export function unknownHubs({ announcements }: AnnouncementsFile, hubs: readonly string[]): Problem[] {
  return announcements.flatMap(({ hubs: named = [], at }) =>
    named.flatMap((name, index) => {
      if (hubs.includes(name)) return [];
      const message = `the cluster has no hub ${JSON.stringify(name)}`;
      const remedy = didYouMean(name, hubs, "Name a hub of cluster.yaml");
      return [at({ code: "unknown-hub", message, remedy }, ["hubs", index])];
    }),
  );
}
