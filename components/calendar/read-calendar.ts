import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { textOf } from "../cluster/cluster-files.ts";
import { allOf } from "../problem/all.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import { systemClock } from "../resource/context/clock.ts";
import type { CalendarEvent } from "./calendar-event.ts";
import { type CalendarFile, readCalendarFile } from "./file/calendar-file.ts";
import type { SourceEvents } from "./ics/ics-events.ts";
import type { CalendarSource } from "./sources/calendar-source.ts";
import { type SourceOptions, textOfSource } from "./sources/source-text.ts";
import { targetsIn, unknownTargets } from "./targets.ts";

/** How a calendar is read. */
export interface CalendarOptions extends Partial<SourceOptions> {
  /** Whether addresses are not fetched: what was fetched last is used. @default false */
  readonly offline?: boolean;
  /** Gets what is only reported. */
  readonly warn?: (problem: Problem) => void;
}

/** Where copies of calendars on the web are kept, in the project's folder. */
export const CALENDAR_COPIES = join(".lectern", "calendars");

/**
 * Reads all events of a catalog: those of its YAML files, and those that they take from ICS files and addresses.
 * @param folder `calendar/` of the catalog, relative to the project; without it, there are no events
 * @throws {LecternError} with every problem, of names that the catalog has not too
 */
export async function readCalendar(folder: string, options: CalendarOptions = {}): Promise<CalendarEvent[]> {
  const { copies = CALENDAR_COPIES, offline = false, warn } = options;
  const network = options.network ?? { fetch, clock: systemClock };
  const names = await namesIn(folder);
  const paths = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(folder, name));
  const files = await allOf(paths.map(readFile));
  const sources = files.flatMap((file) => file.sources);
  const taken = await Promise.all(
    sources.map((one) => readSource(one, { copies, ...(offline ? {} : { network }) })),
  );
  const own = files.flatMap(({ events }) => events);
  const events = [...own, ...taken.flatMap((one) => one.events)];
  const problems = [
    ...repeatedIds(own),
    ...unused(folder, names, sources),
    ...taken.flatMap((one) => one.problems),
    ...(events.length === 0 ? [] : unknownTargets(events, await targetsIn(dirname(folder)))),
  ];
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new LecternError(problems);
  for (const problem of problems) warn?.(problem);
  return events;
}

const readFile = async (file: string): Promise<CalendarFile> =>
  readCalendarFile((await textOf(file)) ?? "", file);

async function readSource(source: CalendarSource, options: SourceOptions): Promise<SourceEvents> {
  const { text, problems } = await textOfSource(source, options);
  if (text === undefined) return { events: [], problems };
  // The parser is loaded only where there is something for it.
  const { eventsOfIcs } = await import("./ics/ics-events.ts");
  const read = eventsOfIcs(text, source);
  return { events: read.events, problems: [...problems, ...read.problems] };
}

/** Names that begin with a dot or an underscore are left out, as in the rest of a catalog. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !/^[._]/.test(name)).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code)))
      return [];
    throw error;
  }
}

function repeatedIds(events: readonly CalendarEvent[]): Problem[] {
  const ids = new Set<string>();
  return events.flatMap(({ id, at }) => {
    if (!ids.has(id)) {
      ids.add(id);
      return [];
    }
    const about = { code: "repeated-event", message: `the calendar already has an event ${id}` };
    return [at({ ...about, remedy: "Give it an ID of its own" }, ["id"])];
  });
}

/** A file that nothing reads looks as if it had an effect. */
function unused(folder: string, names: readonly string[], sources: readonly CalendarSource[]): Problem[] {
  const named = new Set(sources.flatMap(({ from }) => ("file" in from ? [from.file] : [])));
  return names
    .filter((name) => !/\.ya?ml$|^README(\.\w+)?$/i.test(name) && !named.has(join(folder, name)))
    .map(
      (name): Problem => ({
        code: "unused-file",
        severity: "error",
        file: join(folder, name),
        message: "nothing reads this file: no calendar of this folder names it",
        remedy: /\.ics$/i.test(name)
          ? `Add it to a YAML file of this folder: \`calendars: [{file: ${name}, match: […]}]\``
          : 'Remove it, or let its name begin with "_"',
      }),
    );
}
