/** A local time as clocks on the wall show it: milliseconds since 1970 as if the place were at UTC. */
export type WallTime = number;

/** How a place's clocks go. */
export interface TimeZone {
  /** A name of the IANA database, such as Europe/Rome; times are shown in it. */
  readonly name: string;
  /**
   * When clocks show a time, in milliseconds since 1970. A time that clocks skip is as much later as they skip, one
   * that they show twice is the first, as RFC 5545 says (3.3.5).
   */
  readonly instantOf: (wall: WallTime) => number;
  /** What clocks show at an instant. */
  readonly wallOf: (instant: number) => WallTime;
}

const DAY = 86_400_000;

const zones = new Map<string, TimeZone>();

/** A time zone of the IANA database, by its name; undefined where it has no such zone. */
export function timeZoneOf(name: string): TimeZone | undefined {
  const known = zones.get(name);
  if (known) return known;
  // ECMAScript takes offsets too, which know no daylight saving.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return undefined;
  const format = formatOf(name);
  if (!format) return undefined;
  const zone = zoneWith(
    name,
    offsetsOf((instant) => askedOffset(format, instant)),
  );
  zones.set(name, zone);
  return zone;
}

/** UTC, by its own name or by that of the zone that its times are shown in. */
export const utcZone = (name = "UTC"): TimeZone => {
  const shown = name === "UTC" ? undefined : timeZoneOf(name);
  return { name: shown?.name ?? "UTC", instantOf: (wall) => wall, wallOf: (instant) => instant };
};

/** A zone, by how far its clocks are ahead of UTC at an instant; all in milliseconds. */
export function zoneWith(name: string, offsetAt: (instant: number) => number): TimeZone {
  return {
    name,
    wallOf: (instant) => instant + offsetAt(instant),
    instantOf: (wall) => {
      // The offsets before and after any change that is near.
      const before = offsetAt(wall - DAY);
      const after = offsetAt(wall + DAY);
      const first = wall - before;
      if (before === after || offsetAt(first) === before) return first;
      const second = wall - after;
      return offsetAt(second) === after ? second : first;
    },
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset", hour: "numeric" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Offsets at instants. Asking takes long, so a day at whose beginning and end they are the same is asked once. */
function offsetsOf(ask: (instant: number) => number): (instant: number) => number {
  const midnights = new Map<number, number>();
  const atMidnight = (day: number) => {
    const known = midnights.get(day) ?? ask(day * DAY);
    midnights.set(day, known);
    return known;
  };
  return (instant) => {
    const day = Math.floor(instant / DAY);
    const offset = atMidnight(day);
    return offset === atMidnight(day + 1) ? offset : ask(instant);
  };
}

function askedOffset(format: Intl.DateTimeFormat, instant: number): number {
  const name = format.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}

/** Reads `2026-10-05T09:15`, seconds as well; undefined where it is no such time. */
export function parseWallTime(text: string): WallTime | undefined {
  const [, minutes, seconds = ":00"] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?$/.exec(text) ?? [];
  if (minutes === undefined) return undefined;
  const wall = Date.parse(`${minutes}${seconds}Z`);
  // A day that a month hasn't would be one of the next.
  return Number.isNaN(wall) || !formatWallTime(wall).startsWith(minutes) ? undefined : wall;
}

/** `2026-10-05T09:15`. */
export const formatWallTime = (wall: WallTime): string => new Date(wall).toISOString().slice(0, 16);
