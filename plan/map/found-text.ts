import type { MapDifference } from "./map-file.ts";
import { FATE_WORDS, timeText } from "./words.ts";

/** `ConfigMap hub: data.greeting was changed by kubectl-edit at …; the next deployment puts it back`. */
export function whatIsFound({ what, by, at, fate, reason }: MapDifference): string {
  const who = by === undefined ? "" : ` by ${by}`;
  const when = at === undefined ? "" : ` at ${timeText(at)}`;
  const why = reason === undefined ? "" : `: ${reason}`;
  return `${what}${who}${when}; ${FATE_WORDS[fate]}${why}`;
}
