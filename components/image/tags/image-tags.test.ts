import { expect, it } from "vitest";
import { digestOf } from "../../digest.ts";
import { proofTag } from "../../proof/store/proof-artifact.ts";
import { imageTags } from "./image-tags.ts";

it("leaves out what tools keep beside an image, and no image", () => {
  const digest = digestOf("an image");
  const beside = digest.replace(":", "-");
  const images = ["latest", "2026.1", "w_2026_10", beside, `sha256-${"0".repeat(12)}.1`];
  const artifacts = [`${beside}.sig`, `${beside}.att`, `${beside}.sbom`, proofTag(digest, "f".repeat(64))];
  expect(imageTags([...artifacts, ...images])).toEqual(images);
});
