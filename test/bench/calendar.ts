import { readCalendarFile } from "../../components/calendar/file/calendar-file.ts";
import { occurrencesIn } from "../../components/calendar/occurrence.ts";
import type { Row } from "./row.ts";

const WEEKS = 15;
const LECTURES = 40;
const LIMIT = 50;

/** A semester of lectures, each at its own time of the week; clocks change in it. */
export async function run(): Promise<Row[]> {
  const days = ["05", "06", "07", "08", "09"];
  const lectures = Array.from({ length: LECTURES }, (_, index) => {
    const day = `2026-10-${days[index % days.length]}`;
    const hour = 10 + Math.floor(index / days.length);
    const times = `start: ${day}T${hour}:15, end: ${day}T${hour + 1}:45`;
    return `- {id: lecture-${index}, kind: lecture, title: Lecture, hub: campus/prod, ${times}, repeat: FREQ=WEEKLY;COUNT=${WEEKS}, people: 100}\n`;
  });
  const text = `timeZone: Europe/Rome\nevents:\n${lectures.join("")}`;
  const times = Array.from({ length: 5 }, () => {
    const { events } = readCalendarFile(text, "autumn.yaml");
    const start = performance.now();
    const found = occurrencesIn(events, Date.UTC(2026, 8, 1), Date.UTC(2027, 3, 1));
    const milliseconds = performance.now() - start;
    if (found.length !== WEEKS * LECTURES) throw new Error(`${found.length} occurrences`);
    return milliseconds;
  });
  // The first one compiles the code.
  const [first = Number.POSITIVE_INFINITY, ...others] = times;
  const later = Math.min(...others);
  return [
    {
      what: `a semester's calendar expanded: ${WEEKS} weeks × ${LECTURES} lectures, with a change of clocks`,
      measured: `${later.toFixed(0)} ms; ${first.toFixed(0)} ms the first time`,
      target: `under ${LIMIT} ms`,
      met: later < LIMIT,
    },
  ];
}
