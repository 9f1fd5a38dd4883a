import { formatWallTime, timeZoneOf } from "../../../components/calendar/time/time-zone.ts";
import type { WarmUpOutput } from "../../outputs/outputs.ts";

type Events = ReadonlyMap<string, WarmUpOutput | undefined>;

/**
 * What changes of the warm-up of a cluster, one line for each event; nothing where nothing that is to come changes.
 * @param now milliseconds since the epoch: what is over is not mentioned
 */
export function warmUpChanges(before: Events, after: Events, now: number): string[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ids.flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (!is) return was && coming(was, now).length > 0 ? [`- ${was.title}: no longer warmed up`] : [];
    if (!was) return coming(is, now).length > 0 ? [`+ ${is.title}: ${whole(is, now)}`] : [];
    const parts = changedParts(was, is, now);
    return parts.length > 0 ? [`~ ${is.title}: ${parts.join("; ")}`] : [];
  });
}

const coming = ({ starts }: WarmUpOutput, now: number) => starts.filter((start) => Date.parse(start) > now);

function whole(event: WarmUpOutput, now: number): string {
  const { people, profile, hub, minutes } = event;
  return `room for ${people} servers of ${profile} on ${hub}, from ${minutes} min before ${times(coming(event, now), event)}`;
}

function changedParts(was: WarmUpOutput, is: WarmUpOutput, now: number): string[] {
  const fields = [
    ["people", was.people, is.people],
    ["profile", was.profile, is.profile],
    ["hub", was.hub, is.hub],
    ["minutes before", was.minutes, is.minutes],
  ] as const;
  const changed = fields.flatMap(([name, old, now_]) => (old === now_ ? [] : [`${name} ${old} → ${now_}`]));
  const [old, next] = [coming(was, now), coming(is, now)];
  const added = next.filter((start) => !old.includes(start));
  const removed = old.filter((start) => !next.includes(start));
  return [
    ...(next.length > 0 || old.length > 0 ? changed : []),
    ...(added.length > 0 ? [`also ${times(added, is)}`] : []),
    ...(removed.length > 0 ? [`no longer ${times(removed, was)}`] : []),
  ];
}

/** How many times are named one by one. */
const NAMED = 3;

/** `Mon 2026-10-05 09:15 (Europe/Rome)`; of many the first, their number and the last. */
function times(starts: readonly string[], { timeZone }: WarmUpOutput): string {
  const shown = starts.map((start) => local(start, timeZone));
  const text =
    shown.length <= NAMED
      ? shown.join(", ")
      : `${shown[0]} and ${shown.length - 1} more until ${shown.at(-1)}`;
  return `${text} (${timeZone})`;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function local(start: string, timeZone: string): string {
  const instant = Date.parse(start);
  const wall = timeZoneOf(timeZone)?.wallOf(instant) ?? instant;
  return `${DAYS[new Date(wall).getUTCDay()]} ${formatWallTime(wall).replace("T", " ")}`;
}
