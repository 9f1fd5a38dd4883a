import { z } from "zod";
import { keysKnownTo } from "../../problem/known-keys.ts";
import { EVENT_KINDS } from "../calendar-event.ts";
import { parseWallTime, timeZoneOf } from "../time/time-zone.ts";

const timeZone = z.string().refine((name) => timeZoneOf(name) !== undefined, {
  error: "expected a time zone of the IANA database, such as Europe/Rome",
});

const localTime = z.string("expected a local time such as 2026-10-05T09:15").transform((text, context) => {
  const wall = parseWallTime(text);
  if (wall !== undefined) return wall;
  context.addIssue({
    code: "custom",
    message: /(Z|[+-]\d{2}:?\d{2})$/.test(text)
      ? "expected a local time without an offset, such as 2026-10-05T09:15: the time zone is that of `timeZone`"
      : "expected a local time such as 2026-10-05T09:15",
  });
  return z.NEVER;
});

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;

const duration = z
  .string('expected a duration such as "30m", "2h" or "1d"')
  .regex(/^(?=\d)(\d{1,3}d)?(\d{1,3}h)?(\d{1,4}m)?$/, 'expected a duration such as "30m", "2h" or "1d"')
  .transform((text) =>
    [...text.matchAll(/(\d+)([dhm])/g)].reduce(
      (sum, [, number, unit]) => sum + Number(number) * UNITS[unit as keyof typeof UNITS],
      0,
    ),
  );

const slug = z.string().min(1);
const id = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected lower-case letters, digits and -");

/** What an event is of, and what it needs. */
const needs = {
  hub: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, "expected a cluster and a hub, such as campus/prod")
    .optional()
    .describe("The hub that people use, as <cluster>/<hub>. An event has a hub or a course"),
  course: z
    .string()
    .min(1)
    .optional()
    .describe("The course that people open, by its folder: it is frozen where its kernels run"),
  people: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe("How many people are expected. Default: 0, no warm-up"),
  profile: slug.optional().describe("The profile that they start, by its slug"),
  offered: z
    .array(slug)
    .min(1)
    .optional()
    .describe("Exams only: the profiles that are offered, by their slugs. Default: `profile`"),
  courses: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      "Exams on a hub only: the courses that people open there, by their folders. Their articles are frozen, too",
    ),
  warmUp: duration
    .optional()
    .describe('How long before the start servers are prepared, such as "30m". Default: 30m'),
  freeze: z
    .strictObject({
      before: duration.optional().describe("Default: 1h, for an exam 24h"),
      after: duration.optional().describe("Default: 0m"),
    })
    .optional()
    .describe("How long before the start and after the end nothing changes that the event needs"),
};

const eventSchema = z.strictObject({
  id: id.describe("The event's identity in the catalog"),
  kind: z.enum(EVENT_KINDS),
  title: z.string().min(1).describe("What people read"),
  ...needs,
  timeZone: timeZone.optional().describe("Default: that of the file"),
  start: localTime.describe("The first start, a local time without an offset"),
  end: localTime.describe("The end of the first one, a local time"),
  repeat: z
    .string()
    .min(1)
    .optional()
    .describe('When it recurs: an RRULE of RFC 5545, such as "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270122"'),
  except: z.array(localTime).default([]).describe("Local starts that are left out"),
  also: z.array(localTime).default([]).describe("More local starts"),
});

const pattern = z.string().min(1);

/** What is the same for all events of a source that a match takes. */
const matchSchema = z.strictObject({
  summary: pattern
    .optional()
    .describe('Which events, by their titles; * is any text, such as "Algebra*". Default: every event'),
  category: pattern
    .optional()
    .describe("Which events, by one of their categories, as Moodle writes a course; * is any text"),
  kind: z.enum(EVENT_KINDS),
  title: z.string().min(1).optional().describe("What people read. Default: the event's own title"),
  ...needs,
});

const sourceSchema = z.strictObject({
  file: z
    .string()
    .regex(/^[^/\\]+\.ics$/i, "expected an .ics file of this folder, by its name")
    .optional()
    .describe("An ICS file of this folder. A source has a file or a URL"),
  url: z
    .string()
    .regex(/^https:\/\/[^/\s]+\/\S*$/, "expected an address that begins with https://")
    .optional()
    .describe(
      "The https address of an ICS file, as a calendar publishes it. It is no secret: who reads the repository reads it",
    ),
  timeZone: timeZone
    .optional()
    .describe("The zone of times that have none, whole days among them. Default: that of the file"),
  match: z
    .array(matchSchema)
    .min(1)
    .describe("Which events are taken, and what they are: the first match counts"),
});

/** A file of `catalog/calendar`. */
export const calendarFileSchema = z.strictObject({
  timeZone: timeZone.optional().describe("The time zone of the file's events, such as Europe/Rome"),
  events: z.array(eventSchema).default([]),
  calendars: z
    .array(sourceSchema)
    .default([])
    .describe("ICS files and addresses that events are taken from, as Google, Outlook and Moodle write them"),
});

export type WrittenEvent = z.output<typeof eventSchema>;
export type WrittenMatch = z.output<typeof matchSchema>;
export type WrittenSource = z.output<typeof sourceSchema>;
/** What an event needs, whatever says when it takes place. */
export type WrittenNeeds = Pick<WrittenMatch, "kind" | keyof typeof needs>;

/** The keys that a part of a calendar takes. */
export const knownCalendarKeys = keysKnownTo(calendarFileSchema);

/** The JSON Schema of a file of `catalog/calendar`, for editors. */
export function calendarJsonSchema(): Record<string, unknown> {
  return {
    title: "A calendar of lectures, workshops and exams",
    ...z.toJSONSchema(calendarFileSchema, { io: "input" }),
  };
}
