import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { traitFault } from "../traits/trait-values.ts";
import { memoryBytes, memoryText, readDisk, readMemory, shownSize, takenBy } from "./sizes.ts";

const GIBI = 2 ** 30;

test.each([
  ["64Gi", "64G"],
  ["64 GB", "64G"],
  ["512mb", "512M"],
  [" 1.5 gib ", "1.5G"],
  ["016", "16G"],
  ["16 gigs", undefined],
  ["", undefined],
  ["-4G", undefined],
])("a person's %j is %j to KubeSpawner", (written, read) => {
  expect(readMemory(written)).toBe(read);
});

test("every size that is read from a person is one that validation accepts", () => {
  const written = fc
    .tuple(fc.double({ min: 0, max: 4096, noNaN: true }), fc.constantFrom("", "G", "Gi", " GB", "m", "TiB"))
    .map(([amount, unit]) => `${amount.toFixed(2)}${unit}`);
  fc.assert(
    fc.property(written, (text) => {
      expect(traitFault("mem_limit", "bytes or null", readMemory(text))).toBeUndefined();
    }),
  );
});

describe("a memory setting", () => {
  test.each([
    ["1G", GIBI],
    ["1.5G", 1.5 * GIBI],
    [536870912, GIBI / 2],
    ["1.1G", 1181116006],
    ["1Gi", undefined],
    ["1g", undefined],
    [null, undefined],
  ])("%j is %j bytes", (value, bytes) => {
    expect(memoryBytes(value)).toBe(bytes);
  });

  it("that is printed reads as the same number of bytes", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.constantFrom(0, 10, 20), (amount, power) => {
        const text = memoryText(amount * 2 ** power);
        expect(memoryBytes(/[KMGT]$/.test(text) ? text : Number(text))).toBe(amount * 2 ** power);
      }),
    );
  });

  test.each([
    ["16G", "16 GB"],
    [2 * GIBI, "2 GB"],
    ["10Gi", "10 GB"],
    ["64 gigs", "64 gigs"],
    [undefined, ""],
  ])("%j is shown as %j", (value, shown) => {
    expect(shownSize(value)).toBe(shown);
  });
});

test.each([
  ["10", "10Gi"],
  ["10 GB", "10Gi"],
  ["1TiB", "1Ti"],
  ["big", undefined],
])("a person's disk of %j is %j to Kubernetes", (written, read) => {
  expect(readDisk(written)).toBe(read);
});

describe("what a server takes of its node", () => {
  it("is what it is guaranteed", () => {
    const override = { mem_guarantee: "1G", mem_limit: "4G", cpu_guarantee: 0.5, cpu_limit: 2 };
    expect(takenBy(override)).toEqual({ memory: GIBI, cpu: 0.5 });
  });

  it("is its limit where nothing is guaranteed, as Kubernetes has it", () => {
    expect(takenBy({ mem_limit: "4G", cpu_limit: 2 })).toEqual({ memory: 4 * GIBI, cpu: 2 });
  });

  it("is what the hub guarantees where the profile does not, and includes devices", () => {
    const profile = { mem_limit: "4G", extra_resource_limits: { "nvidia.com/gpu": "1" } };
    expect(takenBy({ mem_guarantee: "2G" }, profile)).toEqual({ memory: 2 * GIBI, "nvidia.com/gpu": 1 });
  });
});
