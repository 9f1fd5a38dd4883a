import { expect, it } from "vitest";
import { readImagesFile } from "./images-file.ts";

it("reads entries as people write them, with comments", () => {
  const images = readImagesFile(
    `# One entry per repository.
science:
  repository: lectern/science-lab
  alias: recommended
  policy:
    recommended: w_2026_10
    releases: 1
    weeklies: 2
    # The image that a paper's results were made with.
    pin:
      - r1_0_0

gpu:
  repository: lectern/gpu-lab
`,
    "images.yaml",
  );
  expect(Object.keys(images)).toEqual(["science", "gpu"]);
  expect(images["science"]?.policy).toMatchObject({ recommended: "w_2026_10", weeklies: 2, pin: ["r1_0_0"] });
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
