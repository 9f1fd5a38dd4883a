import { expect, it } from "vitest";
import { readProfiles } from "../../../../../components/hub/profiles/profiles-file.ts";
import { imageOf, isListed } from "./listed-images.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const weekly = { tag: "w_2026_10", name: "Weekly 2026_10", isFixed: true, digest: DIGEST, aliases: [] };
const moving = {
  tag: "recommended",
  name: "Recommended (Weekly 2026_10)",
  isFixed: false,
  digest: DIGEST,
  target: { tag: "w_2026_10", name: "Weekly 2026_10" },
  aliases: [],
};

it("an image that is chosen is listed by its digest and its name, as profiles.yaml has it", () => {
  const image = imageOf(weekly, "ghcr.io/campus/science");
  expect(image).toEqual({
    image: `ghcr.io/campus/science:w_2026_10@${DIGEST}`,
    display_name: "Weekly 2026_10",
  });
  const file = JSON.stringify([{ display_name: "Lab", images: ["science", image] }]);
  expect(readProfiles(file, "profiles.yaml").profiles[0]?.images).toEqual(["science", image]);
});

it("an image that a moving tag names is named by what that stands for", () => {
  expect(imageOf(moving, "lab")).toEqual(imageOf(weekly, "lab"));
});

it("an image is listed whichever tag names it", () => {
  expect(isListed(moving, [imageOf(weekly, "lab")])).toBe(true);
  expect(isListed(moving, [`lab@${DIGEST}`])).toBe(true);
  expect(isListed(moving, ["science", { image: `lab@sha256:${"b".repeat(64)}` }])).toBe(false);
});
