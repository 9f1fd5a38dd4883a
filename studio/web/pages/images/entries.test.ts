import { expect, it, test } from "vitest";
import { readImagesFile } from "../../../../components/image/selection/images-file.ts";
import { keyFault, usersOf, withEntry, withoutEntry } from "./entries.ts";

const ENTRIES = { science: { repository: "ghcr.io/campus/science" } };

it("an entry that is added is one that images.yaml may have", () => {
  const value = withEntry(ENTRIES, "gpu", "ghcr.io/campus/gpu");
  const read = readImagesFile(JSON.stringify(value), "images.yaml");
  expect(Object.keys(read)).toEqual(["science", "gpu"]);
  expect(read["gpu"]?.policy).toEqual(readImagesFile('{"gpu":{"repository":"x"}}', "").gpu?.policy);
});

it("the first entry of a cluster makes the file, and without it there is none again", () => {
  const value = withEntry(null, "gpu", "ghcr.io/campus/gpu");
  expect(value).toEqual({ gpu: { repository: "ghcr.io/campus/gpu" } });
  expect(withoutEntry(value, "gpu", null)).toBe(null);
  expect(withoutEntry(ENTRIES, "science", ENTRIES)).toEqual({});
});

test.each([
  ["gpu", undefined],
  ["science", "taken"],
  ["", "malformed"],
  ["two words", "malformed"],
  ["a".repeat(64), "malformed"],
])("the name %j of an entry beside science is %s", (key, fault) => {
  expect(keyFault(key, ENTRIES)).toBe(fault);
});

it("an entry is used by the profiles that name it, alone or in a list", () => {
  const profiles = [
    { display_name: "A", images: "science" },
    { display_name: "B", images: ["gpu", "science"] },
    { display_name: "C", images: [{ image: "science" }] },
    { display_name: "D" },
  ];
  expect(usersOf("science", profiles)).toEqual(["A", "B"]);
  expect(usersOf("science", { profiles })).toEqual(["A", "B"]);
  expect(usersOf("science", null)).toEqual([]);
});
