import { styleText } from "node:util";
import type { Occurrence } from "../../components/calendar/occurrence.ts";
import type { TimeZone } from "../../components/calendar/time/time-zone.ts";
import { printable } from "../../plan/printable.ts";
import { type Columns, wrapped } from "../../plan/terminal/layout.ts";
import { LocalTimes } from "./local-times.ts";

/** What is shown of a calendar. */
export interface Shown {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** The instant whose state is asked for. */
  readonly at?: number;
  readonly zone: TimeZone;
  readonly occurrences: readonly Occurrence[];
}

/** The calendar for people, with colours: by day, in local times. */
export function calendarText(shown: Shown, columns: Columns): string {
  const lines = shown.at === undefined ? rangeLines(shown) : momentLines(shown, shown.at);
  return `${lines.flatMap(([text, hanging = 0]) => wrapped(text, columns, hanging)).join("\n")}\n`;
}

/** A line, and how far its continuation is indented. */
type Line = readonly [text: string, hanging?: number];

/** Where the title begins below the times. */
const TITLE = 15;

function rangeLines({ from, to, zone, occurrences }: Shown): Line[] {
  const common = new LocalTimes(zone.name);
  const last = common.day(to - 1);
  if (occurrences.length === 0) return [[`Nothing takes place from ${common.day(from)} to ${last}.`]];
  const days = Map.groupBy(occurrences, ({ start, timeZone }) => new LocalTimes(timeZone).day(start));
  const blocks = [...days].flatMap(([name, list]): Line[] => [
    [styleText("bold", name, ALWAYS)],
    ...list.flatMap((one) => occurrenceLines(one, zone.name)),
    [""],
  ]);
  const count = `${occurrences.length} ${occurrences.length === 1 ? "event" : "events"}`;
  return [
    ...blocks,
    [`${count} until ${last}. Times are local, in ${zone.name}, unless they name another zone.`],
  ];
}

function occurrenceLines(one: Occurrence, common: string): Line[] {
  const { start, end, timeZone, kind, title, people, warmUpFrom, freezeFrom, freezeUntil } = one;
  const times = new LocalTimes(timeZone);
  const elsewhere = timeZone === common ? "" : ` (${timeZone})`;
  const warmUp = people > 0 ? [`warm-up from ${times.near(warmUpFrom, start)}`] : [];
  const freeze = `frozen from ${times.near(freezeFrom, start)} to ${times.near(freezeUntil, start)}`;
  const label = kind === "exam" ? styleText("bold", "exam", ALWAYS) : kind;
  return [
    [`  ${times.clock(start)}–${times.near(end, start)}  ${printable(title)}${elsewhere}`, TITLE],
    dim([label, ...placeOf(one)]),
    dim([...warmUp, freeze]),
  ];
}

const dim = (parts: readonly string[]): Line => [
  `${" ".repeat(TITLE)}${styleText("dim", parts.join(" · "), ALWAYS)}`,
  TITLE,
];

/** Colours are removed where nobody sees them. */
const ALWAYS = { validateStream: false };

/** Where it is, for how many people, with what. */
function placeOf({ hub, course, people, profile, offered }: Occurrence): string[] {
  const others = offered.filter((slug) => slug !== profile);
  return [
    hub ?? `course ${course}`,
    ...(people === 0 ? [] : [`${people} people`]),
    ...(profile === undefined ? [] : [`profile ${profile}`]),
    ...(others.length === 0 ? [] : [`also offers ${others.join(", ")}`]),
  ];
}

function momentLines({ zone, occurrences }: Shown, at: number): Line[] {
  const times = new LocalTimes(zone.name);
  const until = (instant: number) => times.near(instant, at);
  const section = (title: string, list: readonly Occurrence[], tell: (one: Occurrence) => string): Line[] => [
    [styleText("bold", title, ALWAYS)],
    ...(list.length === 0
      ? [["  nothing"] as const]
      : list.map((one): Line => [`  ${printable(one.title)}: ${tell(one)}`, 4])),
  ];
  const { on, warm, frozen } = stateAt(occurrences, at);
  return [
    [`${times.day(at)}, ${times.clock(at)} (${zone.name})`],
    [""],
    ...section("On", on, (one) => `until ${until(one.end)} · ${placeOf(one).join(" · ")}`),
    ...section("Warmed up for", warm, (one) => `starts ${until(one.start)} · ${placeOf(one).join(" · ")}`),
    ...section("Frozen for", frozen, (one) => `${placeOf(one)[0]} until ${until(one.freezeUntil)}`),
  ];
}

/** What is on, warmed up and frozen at an instant. */
export function stateAt(occurrences: readonly Occurrence[], at: number) {
  return {
    on: occurrences.filter(({ start, end }) => start <= at && at < end),
    warm: occurrences.filter(({ people, warmUpFrom, start }) => people > 0 && warmUpFrom <= at && at < start),
    frozen: occurrences.filter(({ freezeFrom, freezeUntil }) => freezeFrom <= at && at < freezeUntil),
  };
}
