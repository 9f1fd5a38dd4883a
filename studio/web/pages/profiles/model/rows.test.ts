import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  added,
  changed,
  copied,
  defaultOf,
  fileOf,
  moved,
  nameOf,
  removed,
  rowsOf,
  withDefault,
} from "./rows.ts";

const NAMES = ["Standard", "Large", "GPU"];
const rows = () => rowsOf(NAMES.map((display_name) => ({ display_name })));
const at = <T>(list: readonly T[], index: number): T => list[index] as T;
const names = (list: ReturnType<typeof rows>) => list.map(nameOf);

describe("the list of profiles", () => {
  it.each([
    [[{ display_name: "A", unknown: { key: [1] } }]],
    [{ profiles: [{ display_name: "A" }], "x-ours": 1 }],
    [[]],
  ])("reads as what it was made of: %j", (value) => {
    expect(fileOf(rowsOf(value), value)).toEqual(value);
  });

  it("of another version of the file has the same IDs for the same names, each once", () => {
    const before = rows();
    const after = rowsOf(
      ["GPU", "New", "GPU", "Standard"].map((display_name) => ({ display_name, slug: "x" })),
      before,
    );
    expect([at(after, 0).id, at(after, 3).id]).toEqual([at(before, 2).id, at(before, 0).id]);
    expect(new Set(after.map(({ id }) => id)).size).toBe(4);
  });

  it("of a file that is not there is empty", () => {
    expect(fileOf(rowsOf(undefined), undefined)).toEqual([]);
  });

  it("moves profiles before and after others", () => {
    const list = rows();
    const [first, , last] = list.map(({ id }) => id);
    expect(names(moved(list, new Set([first ?? ""]), last ?? "", "after"))).toEqual([
      "Large",
      "GPU",
      "Standard",
    ]);
    expect(names(moved(list, new Set([last ?? ""]), first ?? "", "before"))).toEqual([
      "GPU",
      "Standard",
      "Large",
    ]);
    expect(names(moved(list, new Set([last ?? ""]), last ?? "", "before"))).toEqual(NAMES);
  });

  it("loses and doubles nothing, whatever is moved", () => {
    fc.assert(
      fc.property(
        fc.subarray([0, 1, 2]),
        fc.nat({ max: 2 }),
        fc.constantFrom("before", "after"),
        (some, to, where) => {
          const list = rows();
          const ids = new Set(some.map((index) => at(list, index).id));
          expect([...names(moved(list, ids, at(list, to).id, where))].sort()).toEqual([...NAMES].sort());
        },
      ),
    );
  });

  it("adds one with a name that is free, and removes one", () => {
    const list = added(added(rows(), "GPU"), "New");
    expect(names(list)).toEqual([...NAMES, "GPU 2", "New"]);
    expect(names(removed(list, at(list, 0).id))).toEqual(["Large", "GPU", "GPU 2", "New"]);
  });

  it("changes one, and leaves the others the same objects", () => {
    const list = rows();
    const after = changed(list, at(list, 1).id, () => ({ display_name: "Larger" }));
    expect(names(after)).toEqual(["Standard", "Larger", "GPU"]);
    expect(after[0]).toBe(list[0]);
  });
});

test("a copy has a name and a slug of its own, and is not the default", () => {
  const list = rowsOf([{ display_name: "GPU", slug: "gpu", default: true, extra: 1 }]);
  const after = copied(
    copied(list, at(list, 0).id, (name) => `${name} (copy)`),
    at(list, 0).id,
    (name) => `${name} (copy)`,
  );
  expect(after.map(({ profile }) => profile)).toEqual([
    { display_name: "GPU", slug: "gpu", default: true, extra: 1 },
    { display_name: "GPU (copy) 2", slug: "gpu-3", extra: 1 },
    { display_name: "GPU (copy)", slug: "gpu-2", extra: 1 },
  ]);
});

describe("the default", () => {
  it("is the first where none says that it is", () => {
    expect(nameOf(defaultOf(rows()) as never)).toBe("Standard");
    expect(defaultOf([])).toBeUndefined();
  });

  it("is one alone", () => {
    const list = withDefault(rows(), at(rows(), 0).id);
    const first = withDefault(list, at(list, 1).id);
    const second = withDefault(first, at(first, 2).id);
    expect(second.map(({ profile }) => profile["default"])).toEqual([undefined, undefined, true]);
  });
});
