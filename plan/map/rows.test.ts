import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapSchema } from "./map-file.ts";
import { matrixOf } from "./matrix.ts";
import { countStates, filterRows, otherDifferences, rowsOf, STATES } from "./rows.ts";
import { anyMap } from "./testing/any-map.ts";

const filter = fc.record(
  {
    stack: fc.constantFrom("", "prod", "staging"),
    kind: fc.constantFrom("", "hub", "course"),
    state: fc.constantFrom("", ...STATES),
    text: fc.constantFrom("", "a", "A b", "  script ", "nowhere"),
  },
  { requiredKeys: [] },
);

describe("rows", () => {
  it("are filtered by each question alone as by all together, in the same order", () => {
    fc.assert(
      fc.property(anyMap, filter, (map, asked) => {
        const rows = rowsOf(map);
        const one = Object.entries(asked).reduce(
          (left, [key, value]) => filterRows(left, { [key]: value }),
          rows,
        );
        expect(filterRows(rows, asked)).toEqual(one);
        expect(rows.filter((row) => one.includes(row))).toEqual(one);
      }),
    );
  });

  it("are all counted, and those that are as deployed are in no other state", () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const rows = rowsOf(map);
        const counts = countStates(rows);
        for (const state of STATES) expect(counts[state]).toBe(filterRows(rows, { state }).length);
        expect(rows.every(({ states }) => states.length === 1 || !states.includes("deployed"))).toBe(true);
      }),
    );
  });

  it("are all in the matrix, each once, below its environment", () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const rows = rowsOf(map);
        const lines = matrixOf(rows).kinds.flatMap(({ kind, lines }) =>
          lines.flatMap(({ id, cells }) =>
            [...cells].flatMap(([environment, found]) =>
              found.map((row) => ({ kind, id, environment, row })),
            ),
          ),
        );
        expect(new Set(lines.map(({ row }) => row))).toEqual(new Set(rows));
        expect(lines).toHaveLength(rows.length);
        for (const { kind, id, environment, row } of lines)
          expect([row.thing.kind, row.thing.id, row.environment]).toEqual([kind, id, environment]);
      }),
    );
  });

  it("have the drift of their thing; that of other resources is kept apart", () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        for (const stack of map.stacks) {
          const own = rowsOf({ ...map, stacks: [stack] }).flatMap(({ differences }) => differences);
          expect(new Set([...own, ...otherDifferences(stack)])).toEqual(new Set(stack.drift?.differences));
        }
      }),
    );
  });
});

it("what is accepted is no drift", () => {
  const map = mapSchema.parse({
    ...{ version: 1, made: "2026-11-30T00:00:00Z" },
    stacks: [
      {
        ...{ stack: "prod", environment: "prod" },
        outputs: { read: "2026-11-30T00:00:00Z", things: [{ id: "hub/a/b", kind: "hub" }] },
        drift: {
          ...{ at: "2026-11-30T00:00:00Z", state: "clean", errors: [] },
          differences: [{ thing: "hub/a/b", what: "x was changed", fate: "accepted", reason: "on purpose" }],
        },
      },
    ],
  });
  expect(rowsOf(map).map(({ states, differences }) => [states, differences.length])).toEqual([
    [["deployed"], 1],
  ]);
});

it("production is not as staging where both are known and differ, and in no other case", () => {
  fc.assert(
    fc.property(anyMap, (map) => {
      const staging = map.stacks.find(({ stack }) => stack === "staging")?.outputs?.things ?? [];
      for (const { environment, thing, states } of rowsOf(map)) {
        const digest = staging.find(({ id }) => id === thing.id)?.digest;
        const differs = environment === "prod" && digest !== undefined && thing.digest !== undefined;
        expect(states.includes("behind")).toBe(differs && digest !== thing.digest);
      }
    }),
  );
});
