import { describe, expect, it } from "vitest";
import { fieldAt, freeKey, renamedKey, withField } from "./fields.ts";

const PROFILE = {
  display_name: "GPU",
  "x-ours": [1],
  kubespawner_override: { mem_limit: "4G", environment: { A: "1" } },
};

describe("a field of a profile", () => {
  it("is read at its place", () => {
    expect(fieldAt(PROFILE, ["kubespawner_override", "environment", "A"])).toBe("1");
    expect(fieldAt(PROFILE, ["x-ours", 0])).toBe(1);
    expect(fieldAt(PROFILE, ["kubespawner_override", "constructor"])).toBeUndefined();
  });

  it("is set, and what is beside it stays the same", () => {
    const after = withField(PROFILE, ["kubespawner_override", "mem_limit"], "8G");
    expect(after).toEqual({ ...PROFILE, kubespawner_override: { mem_limit: "8G", environment: { A: "1" } } });
    expect(after["x-ours"]).toBe(PROFILE["x-ours"]);
  });

  it("that is removed takes along what is empty then", () => {
    const added = withField(
      { display_name: "A" },
      ["kubespawner_override", "extra_resource_limits", "nvidia.com/gpu"],
      "1",
    );
    expect(
      withField(added, ["kubespawner_override", "extra_resource_limits", "nvidia.com/gpu"], undefined),
    ).toEqual({
      display_name: "A",
    });
  });
});

it("a key that gets another name keeps its place", () => {
  expect(Object.keys(renamedKey({ a: 1, b: 2, c: 3 }, "b", "z"))).toEqual(["a", "z", "c"]);
});

it.each([
  ["16 GB", [], "16-gb"],
  ["16 GB", ["16-gb"], "16-gb-2"],
  ["Größe", [], "gro-e"],
  ["64", [], "c-64"],
  ["★", [], "choice"],
])("the key of %j beside %j is %j", (name, taken, key) => {
  expect(freeKey(name, taken)).toBe(key);
});
