const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The largest unit of which there is at least one; days up to a fortnight, as people say. */
const UNITS = [
  ["year", 365 * DAY, 365 * DAY],
  ["month", 30 * DAY, 60 * DAY],
  ["week", 7 * DAY, 14 * DAY],
  ["day", DAY, DAY],
  ["hour", HOUR, HOUR],
  ["minute", MINUTE, 0],
] as const;

/** How long ago something was, such as `3 weeks ago`. @param created milliseconds since the epoch, as `now` */
export function ageOf(created: number, now: number, language = "en"): string {
  const passed = Math.max(0, now - created);
  const [unit, size] = UNITS.find(([, , from]) => passed >= from) ?? UNITS[5];
  return new Intl.RelativeTimeFormat(language, { numeric: "always" }).format(
    -Math.floor(passed / size),
    unit,
  );
}
