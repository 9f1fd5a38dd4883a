import { z } from "zod";
import { jsonOf } from "../../problem/json.ts";
import { LecternError } from "../../problem/problem.ts";
import { zodProblems } from "../../problem/zod.ts";

/** The version of the file. It grows where an earlier `lectern tick` would misread a later file. */
const WINDOWS_VERSION = 1;

/** Bytes that a ConfigMap holds at the most, less what its metadata and the engine's annotations may take. */
const MOST_BYTES = 1_000_000;

/** In the file ISO 8601 in UTC, in the program milliseconds since the epoch. */
const instant = z.iso.datetime().transform((text) => Date.parse(text));

const placeholder = z.object({
  kind: z.enum(["Deployment", "StatefulSet"]),
  namespace: z.string().min(1),
  name: z.string().min(1),
  idle: z.int().min(0).default(0).describe("How many there are outside of all windows"),
});

const window = z
  .object({
    placeholder: z.string().describe("A key of `placeholders`"),
    event: z.string().describe("The event's ID in the calendar"),
    from: instant.describe("From when on there are as many placeholders as `replicas`"),
    start: instant.describe("When the event begins: from then on their number falls evenly"),
    to: instant.describe("When none of them is left"),
    replicas: z.int().min(1),
  })
  .refine(({ from, start, to }) => from <= start && start <= to, {
    message: "expected `from`, `start` and `to` in this order",
  });

const windowsSchema = z
  .object({
    version: z.literal(WINDOWS_VERSION),
    until: instant.describe("Until when the calendar is expanded"),
    placeholders: z.record(z.string(), placeholder),
    windows: z.array(window).readonly(),
  })
  .describe("When which placeholders are there, as `lectern tick` reads it from a ConfigMap");

export type Placeholder = Readonly<z.output<typeof placeholder>>;
export type Window = Readonly<z.output<typeof window>>;
export type Windows = Readonly<Omit<z.output<typeof windowsSchema>, "version">>;

/**
 * Reads the file that {@link windowsText} writes.
 * @param file for messages
 * @throws {LecternError} where it is none, or of a later version
 */
export function readWindows(text: string, file: string): Windows {
  const value = jsonOf(text);
  if (value === undefined) throw malformed(file);
  const { version } = z.object({ version: z.unknown() }).safeParse(value).data ?? {};
  if (typeof version === "number" && version > WINDOWS_VERSION) throw tooNew(file, version);
  const parsed = windowsSchema.safeParse(value);
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file }));
  const unknown = parsed.data.windows.find(({ placeholder: key }) => !(key in parsed.data.placeholders));
  if (unknown) throw unknownPlaceholder(file, unknown);
  return parsed.data;
}

/**
 * The file's text: the same windows give the same bytes. Windows that a ConfigMap has no room for are left out, the
 * latest first.
 * @returns `until` is earlier then; `leftOut` says how many there are
 */
export function windowsText({ until, placeholders, windows }: Windows): WindowsText {
  const sorted = windows.toSorted((a, b) => a.from - b.from || compare(a.event, b.event));
  const lines = sorted.map((one) => JSON.stringify(written(one)));
  const head = (end: number) =>
    `${JSON.stringify({ version: WINDOWS_VERSION, until: instantText(end), placeholders }).slice(0, -1)},"windows":[\n`;
  let bytes = Buffer.byteLength(head(until));
  const tooMuch = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line) + SEPARATOR.length;
    return bytes > MOST_BYTES;
  });
  const kept = tooMuch < 0 ? lines.length : tooMuch;
  const end = sorted[kept]?.from ?? until;
  return {
    text: `${head(end)}${lines.slice(0, kept).join(SEPARATOR)}\n]}\n`,
    until: end,
    leftOut: lines.length - kept,
  };
}

/** Between two windows: a line each, so that people and `git diff` can read the file. */
const SEPARATOR = ",\n";

/** `2026-10-05T06:45:00Z` */
export const instantText = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");

const written = ({ placeholder: key, event, from, start, to, replicas }: Window) => ({
  placeholder: key,
  event,
  from: instantText(from),
  start: instantText(start),
  to: instantText(to),
  replicas,
});

interface WindowsText {
  readonly text: string;
  readonly until: number;
  readonly leftOut: number;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const malformed = (file: string) =>
  new LecternError({
    code: "malformed-windows",
    severity: "error",
    file,
    message: "this is not JSON",
    remedy: "Deploy again, which writes the file",
  });

const tooNew = (file: string, version: number) =>
  new LecternError({
    code: "later-version",
    severity: "error",
    file,
    path: "version",
    message: `the file is of version ${version}, and this version of Lectern reads version ${WINDOWS_VERSION}`,
    remedy:
      "Run `lectern tick` of the version that wrote it: remove lectern:tickImage, or name a newer image there",
  });

const unknownPlaceholder = (file: string, { placeholder: key, event }: Window) =>
  new LecternError({
    code: "unknown-placeholder",
    severity: "error",
    file,
    path: "windows",
    message: `a window of the event ${event} names the unknown placeholder ${JSON.stringify(key)}`,
    remedy: "Deploy again, which writes the file",
  });
