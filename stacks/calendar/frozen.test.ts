import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frozenReason } from "../../components/calendar/frozen-reason.ts";
import type { Occurrence } from "../../components/calendar/occurrence.ts";
import { type Gate, isHeld } from "../promotion/gate.ts";
import { Freeze } from "./freeze.ts";
import { type Freezable, type Frozen, frozenAt } from "./frozen.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 5, 7, 15);
const LECTURE: Occurrence = {
  ...{ event: "algebra", kind: "lecture", title: "Linear algebra", timeZone: "Europe/Rome" },
  ...{ start: START, end: START + 2 * HOUR, people: 300, offered: [] },
  ...{ warmUpFrom: START - HOUR / 2, freezeFrom: START - HOUR, freezeUntil: START + 2 * HOUR },
};
const THINGS: Freezable = {
  hubs: [
    { id: "campus/prod", cluster: "campus" },
    { id: "campus/physics", cluster: "campus" },
    { id: "hpc/prod", cluster: "hpc" },
  ],
  clusters: new Map([
    ["campus/prod", "campus"],
    ["campus/physics", "campus"],
    ["campus/staging", "campus"],
    ["hpc/prod", "hpc"],
  ]),
  courses: new Map([
    ["algebra", ["Python"]],
    ["bell", ["Python", "Julia"]],
  ]),
  kernels: [
    { name: "python", displayNames: ["Python"], gateway: "main" },
    { name: "julia", displayNames: ["Julia"], gateway: "second" },
    { name: "r", displayNames: ["R"], gateway: "main" },
    { name: "service", displayNames: ["Julia"], gateway: undefined },
  ],
};

const keysOf = (frozen: Frozen) =>
  Object.fromEntries(Object.entries(frozen).map(([name, map]) => [name, [...map.keys()].sort()]));
const NOTHING = { hubs: [], images: [], support: [], kernels: [], gateways: [], courses: [], exams: [] };

describe("what events freeze", () => {
  it("is the hub that an event names, with the images, profiles and support of its cluster", () => {
    const frozen = frozenAt([{ ...LECTURE, hub: "campus/prod" }], START, THINGS);
    expect(keysOf(frozen)).toEqual({
      ...NOTHING,
      ...{ hubs: ["campus/prod"], images: ["campus"], support: ["campus"] },
    });
  });

  it("is nothing but the support where another stack deploys the hub", () => {
    const frozen = frozenAt([{ ...LECTURE, hub: "campus/staging" }], START, THINGS);
    expect(keysOf(frozen)).toEqual({ ...NOTHING, support: ["campus"] });
  });

  it("is the kernels that a course uses and the gateways that they are on, and articles in an exam alone", () => {
    const event = { ...LECTURE, course: "bell" };
    const used = { kernels: ["julia", "python", "service"], gateways: ["main", "second"] };
    expect(keysOf(frozenAt([event], START, THINGS))).toEqual({ ...NOTHING, ...used });
    const exam = frozenAt([{ ...event, kind: "exam" }], START, THINGS);
    expect(keysOf(exam)).toEqual({ ...NOTHING, ...used, courses: ["bell"] });
  });

  it("is of an exam on a hub also the articles of the courses that it names, but not their kernels", () => {
    const exam = { ...LECTURE, hub: "hpc/prod", kind: "exam", courses: ["bell", "left-out"] } as const;
    const hub = { hubs: ["hpc/prod"], images: ["hpc"], support: ["hpc"] };
    expect(keysOf(frozenAt([exam], START, THINGS))).toEqual({ ...NOTHING, ...hub, courses: ["bell"] });
    const lecture = frozenAt([{ ...exam, kind: "lecture" }], START, THINGS);
    expect(keysOf(lecture)).toEqual({ ...NOTHING, ...hub });
  });

  it("begins with the first millisecond of a window, and ends with its last", () => {
    const events = [{ ...LECTURE, hub: "campus/prod" }];
    const sizeAt = (now: number) => frozenAt(events, now, THINGS).hubs.size;
    const { freezeFrom, freezeUntil } = LECTURE;
    expect([freezeFrom - 1, freezeFrom, freezeUntil - 1, freezeUntil].map(sizeAt)).toEqual([0, 1, 1, 0]);
  });

  it("is reported with the event that lasts the longest, in its local time", () => {
    const seminar = {
      ...LECTURE,
      kind: "workshop",
      title: "Seminar",
      freezeUntil: START + 9 * HOUR,
    } as const;
    for (const events of [
      [LECTURE, seminar],
      [seminar, LECTURE],
    ]) {
      const hubs = events.map((event) => ({ ...event, hub: "campus/prod" }));
      const by = frozenAt(hubs, START, THINGS).hubs.get("campus/prod");
      expect(by && frozenReason(by)).toBe(
        "frozen until 2026-10-05 18:15 (Europe/Rome) for the workshop Seminar",
      );
    }
  });
});

const occurrences = fc.array(
  fc
    .record({
      kind: fc.constantFrom("lecture" as const, "workshop" as const, "exam" as const),
      place: fc.constantFrom(
        { hub: "campus/prod" },
        { hub: "hpc/prod" },
        { hub: "campus/staging" },
        { course: "algebra" },
        { course: "bell" },
        { course: "unknown" },
      ),
      from: fc.integer({ min: -200, max: 200 }),
      length: fc.integer({ min: 1, max: 100 }),
    })
    .map(
      ({ kind, place, from, length }): Occurrence => ({
        ...LECTURE,
        kind,
        ...place,
        freezeFrom: START + from * HOUR,
        freezeUntil: START + (from + length) * HOUR,
      }),
    ),
  { maxLength: 12 },
);
const moments = fc.integer({ min: -250, max: 350 }).map((hours) => START + hours * HOUR);

describe("laws of the freeze", () => {
  it("holds a change in a window, outside of every one nothing", () => {
    fc.assert(
      fc.property(occurrences, moments, (events, now) => {
        const freeze = new Freeze(frozenAt(events, now, THINGS));
        for (const { id } of THINGS.hubs) {
          const gate: Gate<string> = freeze.decide(
            `hub/${id}`,
            freeze.frozen.hubs.get(id),
            { use: "new" },
            { deployed: true, differs: true },
          );
          const on = events.filter(
            (event) => event.hub === id && event.freezeFrom <= now && now < event.freezeUntil,
          );
          expect(isHeld(gate)).toBe(on.length > 0);
          const last = Math.max(...on.map(({ freezeUntil }) => freezeUntil));
          if (isHeld(gate))
            expect(gate.hold).toBe(frozenReason({ ...LECTURE, kind: kindOf(on, last), freezeUntil: last }));
        }
      }),
    );
  });

  it("is the same for the events of a calendar in any order, and without those that are not on", () => {
    fc.assert(
      fc.property(occurrences, moments, (events, now) => {
        const all = keysOf(frozenAt(events, now, THINGS));
        expect(keysOf(frozenAt([...events].reverse(), now, THINGS))).toEqual(all);
        const on = events.filter(({ freezeFrom, freezeUntil }) => freezeFrom <= now && now < freezeUntil);
        expect(keysOf(frozenAt(on, now, THINGS))).toEqual(all);
        if (on.length === 0) expect(all).toEqual(NOTHING);
      }),
    );
  });

  it("changes no gate that nothing freezes, and none that holds already", () => {
    const gates = fc.oneof(
      fc.record({ use: fc.string() }),
      fc.record({ hold: fc.string(), deployed: fc.boolean() }),
    );
    const affected = fc.record({ deployed: fc.boolean(), differs: fc.constantFrom(true, false, undefined) });
    fc.assert(
      fc.property(gates, affected, fc.option(fc.string(), { nil: undefined }), (gate, what, through) => {
        const freeze = new Freeze(frozenAt([], START, THINGS), through);
        expect(freeze.decide("hub/campus/prod", undefined, gate, what)).toBe(gate);
        if (isHeld(gate)) expect(freeze.decide("hub/campus/prod", LECTURE, gate, what)).toBe(gate);
        expect(freeze.outputs).toEqual({});
      }),
    );
  });
});

/** The kind of the first of the events that last the longest. */
const kindOf = (events: readonly Occurrence[], until: number) =>
  events.find(({ freezeUntil }) => freezeUntil === until)?.kind ?? "lecture";

describe("a frozen thing", () => {
  const freeze = (through?: string) => new Freeze(frozenAt([], START, THINGS), through);
  const decide = (differs: boolean | undefined, through?: string) => {
    const one = freeze(through);
    const gate = one.decide("hub/campus/prod", LECTURE, { use: 1 }, { deployed: true, differs });
    return { gate, outputs: one.outputs };
  };
  const hold = "frozen until 2026-10-05 11:15 (Europe/Rome) for the lecture Linear algebra";

  it("is held loudly only where it would change", () => {
    expect(decide(true).gate).toEqual({ hold, deployed: true });
    expect(decide(false).gate).toEqual({ hold, deployed: true, calm: true });
    expect(decide(undefined).gate).toEqual({ hold: `${hold}, should it change`, deployed: true });
  });

  it("goes on with a person's reason, which is recorded where something changes", () => {
    const through = decide(true, "the login is broken");
    expect(through.gate).toEqual({ use: 1 });
    expect(through.outputs).toEqual({
      "hub/campus/prod": { reason: "the login is broken", until: "2026-10-05" },
    });
    expect(decide(false, "the login is broken").outputs).toEqual({});
  });
});
