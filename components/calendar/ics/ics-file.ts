import ICAL from "ical.js";
import { parseWallTime, type TimeZone, timeZoneOf, utcZone, type WallTime } from "../time/time-zone.ts";
import { zoneOfDefinition } from "./vtimezone.ts";

/** What is wrong with an ICS file or an event of it, without a full stop. */
export class IcsFault extends Error {}

/** A time of an ICS file. */
interface IcsTime {
  readonly wall: WallTime;
  readonly zone: TimeZone;
  /** Whether it is a whole day. */
  readonly isDay: boolean;
}

/** An event as an ICS file has it: a VEVENT of RFC 5545. Its times are local in its zone. */
export interface IcsEvent {
  readonly uid: string;
  readonly summary: string;
  readonly categories: readonly string[];
  readonly zone: TimeZone;
  readonly start: WallTime;
  readonly end: WallTime;
  /** An RRULE. */
  readonly rule?: string;
  readonly except: readonly WallTime[];
  readonly also: readonly WallTime[];
  /** Of which occurrence of the event with the same UID it takes the place: an instant. */
  readonly replaces?: number;
  readonly isCancelled: boolean;
}

/** An event that is in a file and can't be read. */
interface UnreadableEvent {
  readonly uid: string;
  readonly summary: string;
  readonly categories: readonly string[];
  readonly fault: string;
}

const DAY = 86_400_000;

/**
 * Reads the events of an ICS file (RFC 5545).
 * @param zone that of times without one, whole days among them; all times are shown in it
 * @throws {IcsFault} where it is no such file
 */
export function readIcs(text: string, zone: TimeZone): (IcsEvent | UnreadableEvent)[] {
  const calendars = parsed(text);
  return calendars.flatMap((calendar) => {
    const zones = new Zones(calendar, zone);
    return calendar.getAllSubcomponents("vevent").map((component) => {
      const about = {
        uid: textOf(component, "uid"),
        summary: textOf(component, "summary").trim(),
        categories: component.getAllProperties("categories").flatMap((one) => one.getValues().map(String)),
      };
      try {
        return { ...about, ...timesOf(component, zones) };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        return { ...about, fault: error.message.replace(/\.$/, "") };
      }
    });
  });
}

/** Moodle and Google write one calendar per file; several are allowed. */
function parsed(text: string): ICAL.Component[] {
  const clean = text.replace(/^\uFEFF/, "").trim();
  if (!/^BEGIN:VCALENDAR\r?\n/i.test(clean)) throw new IcsFault("it does not begin with BEGIN:VCALENDAR");
  if (!/\nEND:VCALENDAR$/i.test(clean)) throw new IcsFault("it is cut off: END:VCALENDAR is missing");
  try {
    const found: unknown = ICAL.parse(clean);
    const all = Array.isArray(found) && Array.isArray(found[0]) ? found : [found];
    return all.map((one) => new ICAL.Component(one as ConstructorParameters<typeof ICAL.Component>[0]));
  } catch (error) {
    throw new IcsFault(error instanceof Error ? error.message : String(error));
  }
}

const textOf = (component: ICAL.Component, name: string) =>
  String(component.getFirstPropertyValue(name) ?? "");

function timesOf(component: ICAL.Component, zones: Zones) {
  const start = zones.first(component, "dtstart");
  if (!start) throw new IcsFault("its DTSTART is missing");
  const { zone } = start;
  const wallIn = (time: IcsTime) =>
    time.zone === zone ? time.wall : zone.wallOf(time.zone.instantOf(time.wall));
  // A day stands for the occurrence of that day.
  const occurrenceAt = (time: IcsTime) =>
    time.isDay && !start.isDay ? time.wall + (((start.wall % DAY) + DAY) % DAY) : wallIn(time);
  const [rule, ...more] = component.getAllProperties("rrule");
  if (more.length > 0) throw new IcsFault("it has more than one RRULE");
  const original = zones.first(component, "recurrence-id");
  if (component.getFirstProperty("recurrence-id")?.getFirstParameter("range"))
    throw new IcsFault("it changes all later occurrences at once (RANGE=THISANDFUTURE)");
  return {
    zone,
    start: start.wall,
    end: endOf(component, start, zones, wallIn),
    ...(rule ? { rule: String(rule.getFirstValue()) } : {}),
    except: zones.all(component, "exdate").map(occurrenceAt),
    also: zones.all(component, "rdate").map(occurrenceAt),
    ...(original ? { replaces: zone.instantOf(occurrenceAt(original)) } : {}),
    isCancelled: textOf(component, "status").toUpperCase() === "CANCELLED",
  };
}

/** DTEND, or DURATION after the start, or the day's end; without any it has no length. */
function endOf(
  component: ICAL.Component,
  start: IcsTime,
  zones: Zones,
  wallIn: (time: IcsTime) => WallTime,
): WallTime {
  const end = zones.first(component, "dtend");
  if (end) return wallIn(end);
  const length = component.getFirstPropertyValue("duration");
  if (length instanceof ICAL.Duration) return start.wall + length.toSeconds() * 1000;
  return start.isDay ? start.wall + DAY : start.wall;
}

/** Finds the zones of times: those that the file defines, and those of the IANA database. */
class Zones {
  readonly #floating: TimeZone;
  readonly #utc: TimeZone;
  readonly #definitions: ReadonlyMap<string, ICAL.Component>;
  readonly #known = new Map<string, TimeZone>();

  constructor(calendar: ICAL.Component, floating: TimeZone) {
    this.#floating = floating;
    this.#utc = utcZone(floating.name);
    const all = calendar.getAllSubcomponents("vtimezone");
    this.#definitions = new Map(all.map((one) => [textOf(one, "tzid"), one]));
  }

  first(component: ICAL.Component, name: string): IcsTime | undefined {
    const property = component.getFirstProperty(name);
    return property ? this.#timesOf(property)[0] : undefined;
  }

  all(component: ICAL.Component, name: string): IcsTime[] {
    return component.getAllProperties(name).flatMap((property) => this.#timesOf(property));
  }

  #timesOf(property: ICAL.Property): IcsTime[] {
    const tzid = property.getFirstParameter("tzid");
    return property.getValues().map((value: unknown) => {
      const time = value instanceof ICAL.Period ? value.start : value;
      const text = String(time);
      const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
      const wall = parseWallTime(isDay ? `${text}T00:00` : text.replace(/Z$/, ""));
      if (wall === undefined) throw new IcsFault(`${property.name.toUpperCase()} is no time: ${text}`);
      if (text.endsWith("Z")) return { wall, zone: this.#utc, isDay };
      return { wall, zone: tzid && !isDay ? this.#named(tzid) : this.#floating, isDay };
    });
  }

  #named(tzid: string): TimeZone {
    const known = this.#known.get(tzid) ?? this.#find(tzid);
    if (!known)
      throw new IcsFault(
        `its time zone ${JSON.stringify(tzid)} is neither defined in the file nor a name of the IANA database`,
      );
    this.#known.set(tzid, known);
    return known;
  }

  /** Some programs write the IANA name below a path of their own, or beside a name of their own. */
  #find(tzid: string): TimeZone | undefined {
    const definition = this.#definitions.get(tzid);
    const location = definition ? textOf(definition, "x-lic-location") : "";
    const below = tzid.startsWith("/") ? tzid.split("/").slice(-2).join("/") : "";
    const iana = timeZoneOf(tzid) ?? timeZoneOf(location) ?? timeZoneOf(below);
    return iana ?? (definition && zoneOfDefinition(definition, this.#floating.name));
  }
}
