import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeGroup } from "../../cluster/node-groups/node-groups.ts";
import type { Occurrence } from "../occurrence.ts";
import { type PlannedServers, preflight, preflightLine } from "./preflight.ts";

const HOUR = 3_600_000;
const group = (slug: string, max?: number): NodeGroup => ({
  ...{ slug, display_name: slug, node_selector: { pool: slug } },
  capacity: { cpu: 16, memory: "64Gi" },
  reserved: { memory: "4Gi" },
  ...(max === undefined ? {} : { max_nodes: max }),
});
const lecture = (people: number, start = 0): Occurrence => ({
  ...{ event: "algebra", kind: "lecture", title: "Algebra", timeZone: "UTC", people, profile: "small" },
  ...{ start: start * HOUR, end: (start + 2) * HOUR, offered: [], warmUpFrom: 0, freezeFrom: 0 },
  freezeUntil: 0,
});
const planned = (people: number, more: Partial<PlannedServers> = {}, start = 0): PlannedServers => ({
  occurrence: lecture(people, start),
  profile: "small",
  settings: { mem_guarantee: "2G", mem_limit: "4G", cpu_guarantee: 0.1 },
  groups: [group("standard", 10)],
  ...more,
});
const lineOf = (...all: readonly PlannedServers[]) => preflight(all).map(preflightLine)[0];

describe("a preflight", () => {
  it("counts what nodes take, in each group that the profile may use", () => {
    expect(lineOf(planned(300))).toBe("300 people, and places for 300: 30 on each of 10 nodes of standard");
    expect(lineOf(planned(301))).toBe(
      "301 people, and places for 300: 30 on each of 10 nodes of standard; 1 person has no place",
    );
    expect(lineOf(planned(301, { groups: [group("standard", 10), group("large", 1)] }))).toBe(
      "301 people, and places for 330: 30 on each of 10 nodes of standard, 30 on each of 1 node of large",
    );
  });

  it("takes what a server may have for an exam, where all of it is guaranteed", () => {
    const exam = { ...lecture(150), kind: "exam" as const };
    expect(preflight([planned(150, { occurrence: exam })])[0]).toMatchObject({ places: 150 });
  });

  it("leaves the nodes of events at the same time to those, and no others", () => {
    const later = planned(90, {}, 2);
    const beside = planned(91, {}, 1);
    expect(preflight([planned(300), later])[0]).toMatchObject({ places: 300 });
    expect(preflight([planned(300), beside])[0]).toMatchObject({ places: 180 });
  });

  it.each([
    [{ groups: [] }, "the profile small names no node group in profiles.yaml"],
    [{ settings: {} }, "the profile small sets no memory and no cores in profiles.yaml"],
    [{ groups: [{ ...group("a", 1), capacity: undefined }] }, "node-groups.json lacks the capacity of a"],
    [{ groups: [group("a")] }, "node-groups.json lacks max_nodes of a"],
    [{ unknown: "the hub keeps it secret" }, "the hub keeps it secret"],
  ] as [Partial<PlannedServers>, string][])("says what is missing to know it: %#", (more, reason) => {
    expect(lineOf(planned(3, more))).toBe(`3 people: it is not known whether they fit, as ${reason}`);
  });

  it("is not known beside an event on the same nodes of which it is not known", () => {
    const secret = planned(9, { unknown: "the hub keeps it secret" }, 1);
    expect(lineOf(planned(3), secret)).toMatch(/as the hub keeps it secret$/);
    const elsewhere = { ...secret, groups: [group("large", 1)] };
    expect(preflight([planned(3), elsewhere])[0]).toMatchObject({ places: 300 });
  });

  it("has no fewer places with more nodes, and no more with another event beside it", () => {
    const sizes = fc.record({ people: fc.nat(500), most: fc.nat(30), others: fc.nat(500) });
    fc.assert(
      fc.property(sizes, ({ people, most, others }) => {
        const with_ = (max: number) => planned(people, { groups: [group("standard", max)] });
        const places = (...all: PlannedServers[]) => preflight(all)[0]?.places ?? -1;
        const alone = places(with_(most));
        expect(alone).toBe(30 * most);
        expect(places(with_(most + 1))).toBeGreaterThanOrEqual(alone);
        const beside = places(with_(most), planned(others, { groups: [group("standard", most)] }));
        expect(beside).toBe(30 * Math.max(0, most - Math.ceil(others / 30)));
      }),
    );
  });
});
