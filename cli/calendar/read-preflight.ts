import { occurrencesIn } from "../../components/calendar/occurrence.ts";
import { hubServers } from "../../components/calendar/preflight/hub-servers.ts";
import { plannedServers } from "../../components/calendar/preflight/planned-servers.ts";
import { type Preflight, preflight } from "../../components/calendar/preflight/preflight.ts";
import { type CalendarOptions, readCalendar } from "../../components/calendar/read-calendar.ts";
import { formatWallTime, timeZoneOf } from "../../components/calendar/time/time-zone.ts";
import { readClusters } from "../../components/cluster/cluster-files.ts";
import { allOf } from "../../components/problem/all.ts";
import { discoverCatalog } from "../../stacks/catalog.ts";

/** Today and tomorrow, and what begins in the night after. */
const AHEAD = 48 * 3_600_000;

/**
 * Whether the clusters of a catalog can hold the people of the events of the next 48 hours.
 * @param folder the catalog's
 * @param now milliseconds since 1970
 * @throws {LecternError} where a file of it has a problem
 */
export async function readPreflight(
  folder: string,
  now: number,
  options: CalendarOptions,
): Promise<Preflight[]> {
  const catalog = await discoverCatalog(folder);
  const events = catalog.calendar === undefined ? [] : await readCalendar(catalog.calendar, options);
  const occurrences = occurrencesIn(events, now, now + AHEAD).filter(({ people }) => people > 0);
  if (occurrences.length === 0) return [];
  const clusters = await readClusters(catalog.clusters.map((cluster) => cluster.folder));
  const found = clusters.map(async (cluster) => {
    const used = cluster.declaration?.hubs.filter(({ id }) => occurrences.some(({ hub }) => hub === id));
    return preflight(plannedServers(cluster, occurrences, await hubServers(cluster, used ?? [])));
  });
  return (await allOf(found)).flat();
}

/** Whether people have no place, as far as is known. */
export const isShort = ({ occurrence, places }: Preflight) =>
  places !== undefined && places < occurrence.people;

/** `2026-10-19 09:00  Algebra  campus/prod  (Europe/Rome)` */
export function eventLine({ occurrence: { start, timeZone, title, hub } }: Preflight): string {
  const wall = formatWallTime(timeZoneOf(timeZone)?.wallOf(start) ?? start).replace("T", " ");
  return `${wall}  ${title}  ${hub}  (${timeZone})`;
}
