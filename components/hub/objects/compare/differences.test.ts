import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject } from "../../../json.ts";
import { differences } from "./differences.ts";
import { fieldPath } from "./field-path.ts";

const PLAIN = { noNullPrototype: true };
const named = fc.record(
  { name: fc.constantFrom("a", "b", "c", "d"), value: fc.constantFrom("1", "2") },
  PLAIN,
);
const items = fc.uniqueArray(named, { selector: ({ name }) => name, maxLength: 4 });
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, true, "x", "y"),
    fc.dictionary(fc.constantFrom("p", "q", "r", "s/t"), tie("tree"), { ...PLAIN, maxKeys: 3 }),
    fc.array(fc.constantFrom("x", "y"), { maxLength: 3 }),
    items,
    fc.array(fc.record({ rule: fc.constantFrom("m", "n") }, PLAIN), { maxLength: 3 }),
  ),
}));
const map = fc.dictionary(fc.constantFrom("p", "q", "r", "s/t"), tree, { ...PLAIN, maxKeys: 4 });

/** The same value with the keys of every map in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

/** The leaves of maps below maps, by their path; lists are leaves here. */
function leavesOf(value: unknown, path: readonly string[] = []): Map<string, unknown> {
  const isLeaf = !isObject(value) || (Object.keys(value).length === 0 && path.length > 0);
  if (isLeaf) return new Map([[fieldPath(path), value]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, [...path, key])]));
}

describe("the differences of two values", () => {
  it("are none between a value and itself, whatever the order of keys", () => {
    fc.assert(
      fc.property(map, (value) => {
        expect(differences(value, reversed(value))).toEqual([]);
      }),
    );
  });

  it("name every leaf that changed, and no other", () => {
    fc.assert(
      fc.property(map, map, (before, after) => {
        const [old, now] = [leavesOf(before), leavesOf(after)];
        const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
          (path) => differences(old.get(path), now.get(path)).length > 0,
        );
        const paths = differences(before, after).map(({ path }) => fieldPath(path));
        const isIn = (path: string, leaf: string) => path === leaf || /^[.[]/.test(path.slice(leaf.length));
        const below = (outer: string, inner: string) => inner.startsWith(outer) && isIn(inner, outer);
        for (const leaf of changed) {
          expect(paths.some((path) => below(leaf, path) || below(path, leaf))).toBe(true);
        }
        for (const path of paths) {
          expect(changed.some((leaf) => below(leaf, path) || below(path, leaf))).toBe(true);
        }
      }),
    );
  });

  it("are the same in both directions, with added for removed", () => {
    const turned = { added: "removed", removed: "added", changed: "changed" };
    const byMaps = fc.dictionary(fc.constantFrom("p", "q"), fc.oneof(items, fc.constantFrom(1, 2)));
    fc.assert(
      fc.property(byMaps, byMaps, (before, after) => {
        const forth = differences(before, after).map(
          ({ path, change }) => `${turned[change]} ${fieldPath(path)}`,
        );
        const back = differences(after, before).map(({ path, change }) => `${change} ${fieldPath(path)}`);
        expect(forth.sort()).toEqual(back.sort());
      }),
    );
  });
});

describe("the differences of two lists", () => {
  const paths = (before: unknown, after: unknown) =>
    differences({ list: before }, { list: after }).map(({ path, change }) => `${change} ${fieldPath(path)}`);

  it("are by name where items have one", () => {
    const before = [
      { name: "a", value: "1" },
      { name: "b", value: "1" },
    ];
    expect(
      paths(before, [
        { name: "c", value: "1" },
        { name: "a", value: "2" },
      ]),
    ).toEqual(["removed list[b]", "added list[c]", "changed list[a].value"]);
  });

  it("name another order once, as it restarts pods all the same", () => {
    const [a, b] = [
      { name: "a", value: "1" },
      { name: "b", value: "1" },
    ];
    expect(paths([a, b], [b, a])).toEqual(["changed list"]);
    expect(paths([{ x: 1 }, { x: 2 }], [{ x: 2 }, { x: 1 }])).toEqual(["changed list"]);
  });

  it("are by content where nothing names the items: one at the front changes no other", () => {
    const [a, b, c] = [{ verbs: ["get"] }, { verbs: ["list"] }, { verbs: ["watch"] }];
    expect(paths([a, b], [c, a, b])).toEqual(["added list[0]"]);
    expect(paths([a, b], [a, c])).toEqual(["changed list[1].verbs"]);
    expect(paths([a, b], [b])).toEqual(["removed list[0]"]);
  });
});
