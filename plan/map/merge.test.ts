import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeployedMap, MOST_DEPLOYMENTS, mapSchema } from "./map-file.ts";
import { mergeMaps } from "./merge.ts";
import { anyMap } from "./testing/any-map.ts";

const history = (map: DeployedMap) =>
  map.stacks.flatMap(({ stack, history }) => history.map(({ at, kind }) => `${stack} ${at} ${kind}`));

describe("merged maps", () => {
  it("are of the shape that the file has", () => {
    fc.assert(
      fc.property(anyMap, anyMap, (a, b) => {
        const merged = mergeMaps([a, b]);
        expect(mapSchema.parse(JSON.parse(JSON.stringify(merged)))).toEqual(merged);
      }),
    );
  });

  it("are the same in whichever order and grouping they are merged, and however often", () => {
    fc.assert(
      fc.property(anyMap, anyMap, anyMap, (a, b, c) => {
        const all = mergeMaps([a, b, c]);
        expect(mergeMaps([c, b, a])).toEqual(all);
        expect(mergeMaps([mergeMaps([a, b]), c])).toEqual(all);
        expect(mergeMaps([a, mergeMaps([b, c])])).toEqual(all);
        expect(mergeMaps([all, a, all])).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  it("have every deployment of each, newest first", () => {
    fc.assert(
      fc.property(anyMap, anyMap, (a, b) => {
        const found = history(mergeMaps([a, b]));
        expect(new Set(found)).toEqual(new Set([...history(a), ...history(b)]));
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });

  it("have of each stack what was read last, and the drift that was looked for last", () => {
    const of = (day: string, drift: string) =>
      ({
        ...{ version: 1, made: `${day}T00:00:00.000Z` },
        stacks: [
          {
            ...{ stack: "prod", environment: "prod", history: [] },
            outputs: { read: `${day}T00:00:00.000Z`, problems: [], things: [] },
            drift: { at: `${drift}T00:00:00.000Z`, state: "clean", errors: [], differences: [] },
          },
        ],
      }) satisfies DeployedMap;
    const [stack] = mergeMaps([of("2026-11-02", "2026-11-03"), of("2026-11-04", "2026-11-01")]).stacks;
    expect(stack?.outputs?.read).toBe("2026-11-04T00:00:00.000Z");
    expect(stack?.drift?.at).toBe("2026-11-03T00:00:00.000Z");
  });

  it("keep the newest deployments where there are too many, and name the newest that was left out", () => {
    const days = Array.from({ length: MOST_DEPLOYMENTS + 5 }, (_, index) =>
      new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(),
    );
    const with_ = (ats: readonly string[]): DeployedMap => ({
      ...{ version: 1, made: "2026-11-30T00:00:00.000Z" },
      stacks: [
        {
          ...{ stack: "prod", environment: "prod" },
          history: ats.map((at) => ({ at, kind: "update", changes: [] })),
        },
      ],
    });
    const merged = mergeMaps([with_(days.slice(0, 100)), with_(days.slice(100))]);
    expect(merged.stacks[0]?.history.map(({ at }) => at)).toEqual(days.slice(5).reverse());
    expect(merged.stacks[0]?.leftOutUpTo).toBe(`${days[4]} update`);
    expect(mergeMaps([merged, with_(days.slice(0, 3))])).toEqual(merged);
  });
});
