import { beforeEach, expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import type { RegistryStandIn } from "../../../sandbox/services/registry/registry.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { parseRepository, type Repository } from "../reference.ts";
import type { PrepulledImage } from "./selection.ts";
import { checkBytes } from "./selection-bytes.ts";

registriesOfEachTest();

let registry: RegistryStandIn;
let repository: Repository;
let images: PrepulledImage[];

beforeEach(async () => {
  registry = await standIn();
  repository = parseRepository(`${registry.host}/lab`);
  const seeded = ["one", "two"].map((content) => seedImage(registry.store, "lab", { content }));
  images = (await Promise.all(seeded)).map(({ digest }, week) => ({ tag: `w_2026_0${week + 1}`, digest }));
  registry.forget();
});

it("reads each image that is new, and asks nothing of those that are known", async () => {
  await checkBytes(client(), repository, images, new Set(images.slice(0, 1).map(({ digest }) => digest)));
  const read = registry.calls().filter(({ method }) => method === "GET");
  expect(read.map(({ path }) => path)).toEqual([`/v2/lab/manifests/${images[1]?.digest}`]);
  registry.forget();
  await checkBytes(client(), repository, images, new Set(images.map(({ digest }) => digest)));
  expect(registry.calls()).toEqual([]);
});

it("catches a registry that lies of a selected image, and names it", async () => {
  registry.fail({ kind: "wrong-bytes", match: new RegExp(`^GET .*${images[1]?.digest}`) });
  await expect(checkBytes(client(), repository, images, new Set())).rejects.toThrow(/w_2026_02: .*sha256/);
});
