import { timeZoneOf, utcZone, type WallTime } from "../../components/calendar/time/time-zone.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];
const DAY = 86_400_000;

/** Writes instants as local times of a zone. */
export class LocalTimes {
  readonly #wallOf: (instant: number) => WallTime;

  /** @param zone a name of the IANA database */
  constructor(zone: string) {
    this.#wallOf = (timeZoneOf(zone) ?? utcZone()).wallOf;
  }

  /** `09:15`. */
  clock(instant: number): string {
    return new Date(this.#wallOf(instant)).toISOString().slice(11, 16);
  }

  /** `Monday 5 October 2026`. */
  day(instant: number): string {
    const date = new Date(this.#wallOf(instant));
    return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }

  /** `09:15` on the day of another instant, `Sun 4 Oct 09:15` on another day; midnight at its end is `24:00`. */
  near(instant: number, other: number): string {
    const clock = this.clock(instant);
    const [day, reference] = [this.#wallOf(instant), this.#wallOf(other)].map((wall) =>
      Math.floor(wall / DAY),
    );
    if (day === reference) return clock;
    if (clock === "00:00" && day === (reference ?? 0) + 1) return "24:00";
    const [name = "", number, month = ""] = this.day(instant).split(" ");
    return `${name.slice(0, 3)} ${number} ${month.slice(0, 3)} ${clock}`;
  }
}
