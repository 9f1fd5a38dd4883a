const DAY = 86_400_000;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isYear = (year: number) => year >= 1 && year <= 9999;

/** A day in milliseconds since the epoch; undefined where the calendar has no such day. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = (LENGTHS[month - 1] ?? 0) + (isLeap && month === 2 ? 1 : 0);
  return isYear(year) && day >= 1 && day <= last ? utc(year, month, day) : undefined;
}

/**
 * The Thursday of an ISO week in milliseconds since the epoch; undefined where the year has no such
 * week. A week belongs to the year of its Thursday, and 4 January is always in week 1.
 */
export function thursdayOf(year: number, week: number): number | undefined {
  if (!isYear(year) || week < 1 || week > 53) return undefined;
  const first = firstThursday(year);
  const thursday = first + (week - 1) * 7 * DAY;
  return week < 53 || new Date(thursday).getUTCFullYear() === year ? thursday : undefined;
}

const FIRST_THURSDAYS = new Map<number, number>();

function firstThursday(year: number): number {
  const known = FIRST_THURSDAYS.get(year);
  if (known !== undefined) return known;
  const fourth = utc(year, 1, 4);
  const first = fourth + (4 - (new Date(fourth).getUTCDay() || 7)) * DAY;
  FIRST_THURSDAYS.set(year, first);
  return first;
}

function utc(year: number, month: number, day: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  const date = new Date(0); // Date.UTC reads the years 0 to 99 as 19xx
  return date.setUTCFullYear(year, month - 1, day);
}
