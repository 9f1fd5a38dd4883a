import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readHubImage } from "../../../components/hub/images/hub-image.ts";
import { registrations } from "../../../test/golden/registrations.ts";
import { configSchema } from "../../config.ts";
import { builtHubImage } from "./built-image.ts";

let images: string;
let folder: string;
beforeEach(() => {
  images = mkdtempSync(join(tmpdir(), "lectern-images-"));
  folder = join(images, "lab");
  mkdirSync(folder);
  writeFileSync(join(folder, "Dockerfile"), "FROM ubuntu:24.04\n");
});
afterEach(() => rmSync(images, { recursive: true }));

async function built(config: object) {
  const { image } = await readHubImage(folder);
  if (!image) throw new Error("the image can't be read");
  const registered = await registrations({
    stack: "staging",
    config: {},
    outputs: {},
    preview: true,
    run: async () => ({ image: await builtHubImage(image, configSchema.parse(config)) }),
  });
  return registered.find(({ type }) => type === "docker:index/image:Image");
}

it("is built from its folder, under a tag of its content", async () => {
  const image = await built({ imageRepository: "ghcr.io/university" });
  expect(image).toMatchObject({
    name: "hub-image-lab",
    inputs: {
      imageName: expect.stringMatching(/^ghcr\.io\/university\/lab:[0-9a-f]{16}$/),
      build: { context: folder, dockerfile: `${folder}/Dockerfile`, platform: "linux/amd64" },
    },
  });
  writeFileSync(join(images, "README.md"), "");
  const again = await built({ imageRepository: "ghcr.io/university" });
  expect(again?.inputs).toEqual(image?.inputs);
});

it("needs a repository", async () => {
  await expect(built({})).rejects.toThrow(
    "lectern:imageRepository: the image lab of hubs is built here, but no repository is configured",
  );
});
