import { changeLines } from "./change-lines.ts";
import { type HubChanges, hubChangesSchema } from "./hub-changes.ts";

/** Begins the line of a message that has the changes as JSON. */
const MARK = "lectern:hub-changes ";

/**
 * A hub's changes as a message of the program about the hub: Pulumi's preview carries messages and nothing else
 * beside resources. Its lines are for people; its last line is for `lectern plan` and the sandbox, which show
 * the changes with the hub.
 */
export const changesMessage = (changes: HubChanges): string =>
  [...changeLines(changes), `${MARK}${JSON.stringify(changes)}`].join("\n");

/** The changes that a message carries; undefined where it is any other message. */
export function changesIn(message: string): HubChanges | undefined {
  const line = message.trimEnd().split("\n").at(-1) ?? "";
  if (!line.startsWith(MARK)) return undefined;
  try {
    return hubChangesSchema.safeParse(JSON.parse(line.slice(MARK.length))).data;
  } catch {
    return undefined;
  }
}
