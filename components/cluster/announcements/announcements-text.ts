import { instantText } from "../warm-up/windows.ts";
import type { AnnouncementsFile } from "./announcements-file.ts";

/** The ConfigMap in the namespace of each hub. */
export const ANNOUNCEMENTS = "lectern-announcements";
/** Its file. */
export const ANNOUNCEMENTS_FILE = "announcements.json";

/** What a deployment changed of a hub. */
export interface HubChange {
  /** When, in milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/**
 * What a hub reads, as JSON: everything that it may show, each with when; whoever shows it compares that with the clock,
 * so that nothing has to be deployed on the day. The same content gives the same bytes.
 * @param names the names of the hubs that read it
 */
export function announcementsText(
  { announcements, changesFor }: AnnouncementsFile,
  names: readonly string[],
  changes: readonly HubChange[],
): string {
  const own = announcements.filter(
    ({ hubs }) => hubs === undefined || names.some((name) => hubs.includes(name)),
  );
  const file = {
    version: 1,
    announcements: own.map(({ text, level, from, until }) => ({
      text,
      level,
      from: from === undefined ? EARLIEST : instantText(from),
      until: until === undefined ? LATEST : instantText(until),
    })),
    changes: (changesFor === 0 ? [] : changes).map(({ at, text }) => ({
      text,
      from: instantText(at),
      until: instantText(at + changesFor),
    })),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Texts that are compared as texts: before and after every time. */
const EARLIEST = "0000";
const LATEST = "9999";
