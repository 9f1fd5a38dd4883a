import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { readImagesFile } from "./images-file.ts";

it("reads the example cluster's images", async () => {
  const file = new URL("../../../catalog/clusters/campus/images.yaml", import.meta.url);
  const images = readImagesFile(await readFile(file, "utf8"), "images.yaml");
  expect(Object.keys(images)).toContain("science");
  expect(images["science"]?.policy.weeklies).toBeGreaterThanOrEqual(0);
});

it("an entry without a policy has the defaults", () => {
  expect(readImagesFile("lab: {repository: ghcr.io/a/lab}", "i")["lab"]?.policy).toMatchObject({
    weeklies: 2,
    pin: [],
  });
});

it.each([
  [
    "lab: {repository: ghcr.io/a/lab, polcy: {}}",
    /i:1:\d+ lab\.polcy: unknown key "polcy"\. Did you mean "policy"/,
  ],
  ["lab: {repository: ghcr.io/a/lab, policy: {weekly: 1}}", /lab\.policy\.weekly: unknown key.*"weeklies"/],
  ["lab:\n  repository: 'A B'", /i:2:\d+ lab\.repository: /],
  [
    "lab:\n  repository: ghcr.io/a/lab\n  alias: w_2026_10",
    /i:3:\d+ lab\.alias: the tag "w_2026_10" names one image/,
  ],
  ["lab:\n  repository: ghcr.io/a/lab\n  alias: bad alias!", /i:3:\d+ lab\.alias: "bad alias!" is not a tag/],
  ["lab: {}", /lab\.repository/],
])("%j is refused", (text, message) => {
  expect(() => readImagesFile(text, "i")).toThrow(message);
});
