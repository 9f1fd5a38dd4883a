import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { memoryBytes } from "../../hub/profiles/server-pod/sizes.ts";
import { parseQuantity } from "./quantity.ts";
import { fitting, forServers, sharesOf } from "./shares.ts";

const GIBI = 2 ** 30;
const HIGH_MEMORY = {
  capacity: { cpu: "8", memory: "128Gi" },
  reserved: { cpu: "200m", memory: "3Gi" },
};

test.each([
  ["8", 8],
  [8, 8],
  ["500m", 0.5],
  ["32Gi", 32 * GIBI],
  ["131072Ki", 128 * 2 ** 20],
  ["1e3", 1000],
  [".5", 0.5],
  ["64G", 64e9],
  ["64GB", undefined],
  ["eight", undefined],
  ["-1", undefined],
  [null, undefined],
])("the quantity %j is %j", (text, number) => {
  expect(parseQuantity(text)).toBe(number);
});

describe("what a node has for servers", () => {
  it("is its capacity without what is reserved", () => {
    expect(forServers(HIGH_MEMORY)).toEqual({ cpu: 7.8, memory: 125 * GIBI });
  });

  it("is unknown where node-groups.json does not say it", () => {
    expect(forServers({})).toBeUndefined();
    expect(sharesOf({})).toEqual([]);
  });

  it("is never less than nothing", () => {
    expect(forServers({ capacity: { cpu: 1 }, reserved: { cpu: 2 } })).toEqual({ cpu: 0 });
  });
});

describe("a share of a node", () => {
  it("is in sizes that people would write", () => {
    const shares = sharesOf(HIGH_MEMORY).map(({ servers, memory, cpu }) => [servers, memory, cpu]);
    expect(shares).toEqual([
      [1, "125G", 7.8],
      [2, "62G", 3.9],
      [4, "31G", 1.9],
      [8, "15G", 0.9],
      [16, "7G", 0.4],
    ]);
  });

  it("of a node with devices has one or more of them", () => {
    const node = { capacity: { cpu: 8, memory: "32Gi", "nvidia.com/gpu": "2" } };
    expect(sharesOf(node).map(({ servers, devices }) => [servers, devices])).toEqual([
      [1, { "nvidia.com/gpu": 2 }],
      [2, { "nvidia.com/gpu": 1 }],
    ]);
  });

  it("fits as often as the node is divided, whatever the node", () => {
    const amount = fc.integer({ min: 1, max: 4_000 });
    fc.assert(
      fc.property(amount, amount, amount, fc.nat({ max: 8 }), (cpu, memory, reserved, gpus) => {
        const group = {
          capacity: { cpu: `${cpu * 100}m`, memory: `${memory}Gi`, "nvidia.com/gpu": gpus },
          reserved: { memory: `${reserved}Mi` },
        };
        const has = forServers(group) ?? {};
        for (const { servers, memory: size, cpu: cores = 0, devices } of sharesOf(group)) {
          const fits = fitting({ memory: memoryBytes(size) ?? 0, cpu: cores, ...devices }, has);
          expect(fits ?? servers).toBeGreaterThanOrEqual(servers);
        }
      }),
    );
  });
});

describe("how many servers a node takes", () => {
  const has = forServers(HIGH_MEMORY) ?? {};
  test.each([
    [{ memory: 16 * GIBI }, 7],
    [{ memory: 16 * GIBI, cpu: 2 }, 3],
    [{ memory: 126 * GIBI }, 0],
    [{ "nvidia.com/gpu": 1 }, 0],
    [{ "ephemeral-storage": 1 }, undefined],
    [{}, undefined],
  ])("with %j each is %j", (wanted, fits) => {
    expect(fitting(wanted, has)).toBe(fits);
  });
});
