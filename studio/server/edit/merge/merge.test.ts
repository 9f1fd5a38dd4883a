import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equal, isList, isObject, type Json } from "../../../api/json.ts";
import { anyJson, someProfiles } from "../testing/arbitrary.ts";
import { type Conflict, conflictId } from "./conflict.ts";
import { merge } from "./merge.ts";

const profiles = (...names: string[]) => names.map((display_name) => ({ display_name }));
const value = fc.oneof(anyJson, someProfiles);

describe("merge", () => {
  it("keeps what each changes of different fields of the same profile", () => {
    const base = [{ display_name: "GPU", slug: "gpu", mem: "8G", cpu: 2 }];
    const mine = [{ display_name: "GPU", slug: "gpu", mem: "16G", cpu: 2 }];
    const theirs = [{ display_name: "GPU (new)", slug: "gpu", mem: "8G", cpu: 2 }];
    expect(merge({ base, mine, theirs })).toEqual({
      value: [{ display_name: "GPU (new)", slug: "gpu", mem: "16G", cpu: 2 }],
      conflicts: [],
    });
  });

  it("shows what both have changed, and takes what is chosen", () => {
    const versions = {
      base: [{ display_name: "GPU", mem: "8G" }],
      mine: [{ display_name: "GPU", mem: "16G" }],
      theirs: [{ display_name: "GPU", mem: "4G" }],
    };
    const conflict: Conflict = { path: ["GPU", "mem"], kind: "value", base: "8G", mine: "16G", theirs: "4G" };
    expect(merge(versions).conflicts).toEqual([conflict]);
    expect(merge(versions, { [conflictId(conflict)]: "mine" })).toEqual({
      value: versions.mine,
      conflicts: [],
    });
    expect(merge(versions, { [conflictId(conflict)]: "theirs" })).toEqual({
      value: versions.theirs,
      conflicts: [],
    });
  });

  it("adds, removes and moves profiles side by side", () => {
    const base = profiles("A", "B", "C");
    const mine = profiles("A", "New", "B", "C");
    const theirs = profiles("C", "A");
    expect(merge({ base, mine, theirs })).toEqual({ value: profiles("C", "A", "New"), conflicts: [] });
  });

  it("shows a profile that one removes and the other changes", () => {
    const [a, b] = profiles("A", "B");
    const changed = { display_name: "B", mem: "16G" };
    const { conflicts } = merge({ base: [a, b], mine: [a], theirs: [a, changed] } as never);
    expect(conflicts).toEqual([{ path: ["B"], kind: "value", base: b, mine: undefined, theirs: changed }]);
  });

  it("shows two orders that don't go together", () => {
    const versions = {
      base: profiles("A", "B", "C"),
      mine: profiles("B", "A", "C"),
      theirs: profiles("A", "C", "B"),
    };
    const { conflicts } = merge(versions);
    expect(conflicts).toEqual([
      { path: [], kind: "order", base: ["A", "B", "C"], mine: ["B", "A", "C"], theirs: ["A", "C", "B"] },
    ]);
    expect(merge(versions, { [conflictId({ path: [], kind: "order" })]: "mine" }).value).toEqual(
      versions.mine,
    );
  });

  it("takes two profiles that both add for two, and one that both add for one", () => {
    const base = profiles("A");
    const one = { display_name: "GPU", mem: "8G", cpu: 2, slug: "gpu" };
    const other = { ...one, display_name: "GPU 2", slug: "gpu-2" };
    expect(merge({ base, mine: [...base, one], theirs: [...base, other] }).value).toHaveLength(3);
    expect(merge({ base, mine: [...base, one], theirs: [...base, { ...one }] }).value).toHaveLength(2);
  });

  it("keeps a copy and the original that another person changes apart", () => {
    const original = { display_name: "GPU", slug: "gpu", mem: "8G", cpu: 2 };
    const copy = { ...original, display_name: "Copy", slug: "copy" };
    const theirs = { ...original, mem: "16G" };
    expect(merge({ base: [original], mine: [original, copy], theirs: [theirs] })).toEqual({
      value: [theirs, copy],
      conflicts: [],
    });
  });
});

describe("laws of merge", () => {
  it("gives what one person has, where the other has changed nothing or the same", () => {
    fc.assert(
      fc.property(value, value, (base, mine) => {
        expect(merge({ base, mine, theirs: base })).toEqual({ value: mine, conflicts: [] });
        expect(merge({ base, mine: base, theirs: mine })).toEqual({ value: mine, conflicts: [] });
        expect(merge({ base, mine, theirs: mine })).toEqual({ value: mine, conflicts: [] });
      }),
    );
  });

  it("gives the same from both sides", () => {
    fc.assert(
      fc.property(versionsOf(someProfiles), ({ base, mine, theirs }) => {
        const [one, other] = [merge({ base, mine, theirs }), merge({ base, mine: theirs, theirs: mine })];
        expect(other.conflicts.map(conflictId).sort()).toEqual(one.conflicts.map(conflictId).sort());
        if (one.conflicts.length === 0) expect(other.value).toEqual(one.value);
      }),
      { numRuns: 500 },
    );
  });

  it("loses nothing: what each has added is in the result or in a conflict", () => {
    fc.assert(
      fc.property(versionsOf(fc.oneof(anyJson, someProfiles)), (versions) => {
        const { value, conflicts } = merge(versions);
        const inConflict = conflicts.flatMap(({ path, mine, theirs }) =>
          [mine, theirs].flatMap((one) => leavesOf(one, path.at(-1))),
        );
        const there = new Set([...leavesOf(value), ...inConflict]);
        const before = new Set(leavesOf(versions.base));
        for (const leaf of [...leavesOf(versions.mine), ...leavesOf(versions.theirs)]) {
          if (!before.has(leaf)) expect(there).toContain(leaf);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("leaves no conflict once each has a choice", () => {
    fc.assert(
      fc.property(versionsOf(value), fc.constantFrom("mine", "theirs"), (versions, side) => {
        let choices: Record<string, "mine" | "theirs"> = {};
        for (let round = 0; round < 50; round += 1) {
          const { conflicts } = merge(versions, choices);
          if (conflicts.length === 0) return;
          choices = { ...choices, ...Object.fromEntries(conflicts.map((one) => [conflictId(one), side])) };
        }
        expect.unreachable("there are still conflicts");
      }),
    );
  });

  it("takes disjoint changes of both", () => {
    const fields = fc.dictionary(fc.constantFrom("a", "b", "c"), anyJson);
    fc.assert(
      fc.property(fields, fields, anyJson, anyJson, (before, more, x, y) => {
        const base = { ...before, ...more };
        expect(merge({ base, mine: { ...base, x }, theirs: { ...base, y } })).toEqual({
          value: { ...base, x, y },
          conflicts: [],
        });
      }),
    );
  });
});

/** A value with two changed versions of it. */
function versionsOf<T extends Json>(of: fc.Arbitrary<T>) {
  return fc.tuple(of, of, of, fc.nat(3)).map(([base, mine, theirs, kind]) => ({
    base,
    mine: kind === 1 ? mixed(base, mine) : mine,
    theirs: kind >= 1 ? mixed(base, theirs) : theirs,
  }));
}

/** A part of the one and a part of the other. */
function mixed<T extends Json>(base: T, other: T): T {
  if (!isList(base) || !isList(other)) return other;
  return [
    ...base.slice(0, 2),
    ...other.filter((_, index) => index % 2 === 1),
    ...base.slice(3),
  ] as unknown as T;
}

/** Every scalar with its key. */
function leavesOf(value: Json | undefined, key = ""): string[] {
  if (value === undefined) return [];
  if (isList(value)) return value.flatMap((item) => leavesOf(item, key));
  if (isObject(value)) return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, name));
  return [`${key}=${JSON.stringify(value)}`];
}

it("compares values whatever the order of their keys", () => {
  expect(equal({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(equal({ a: undefined } as never, { b: undefined } as never)).toBe(false);
  expect(equal([1], { 0: 1 })).toBe(false);
});
