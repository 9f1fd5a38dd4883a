import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { someResult } from "../testing/some-result.ts";
import { artifactStore } from "./artifact-store.ts";
import { firstStore } from "./first-store.ts";
import { folderStore } from "./folder-store.ts";

registriesOfEachTest();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-proofs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function world() {
  const registry = await standIn();
  const { digest } = await seedImage(registry.store, "lab", { content: "x" });
  const image = `${registry.host}/lab@${digest}`;
  const lines: string[] = [];
  const open = () =>
    firstStore(artifactStore(client()), folderStore(folder), (message) => void lines.push(message));
  return { registry, image, lines, open };
}

it("keeps results beside the image where it may, and leaves the folder empty", async () => {
  const { image, lines, open } = await world();
  const result = someResult("a", image);
  await open().keep(image, result);
  expect((await open().find(image, [result.key])).get(result.key)).toEqual(result);
  expect((await folderStore(folder).find(image, [result.key])).size).toBe(0);
  expect(lines).toEqual([]);
});

it("keeps results in the folder where the repository can't be written, and says so once", async () => {
  const { registry, image, lines, open } = await world();
  registry.fail({ kind: "denied", match: /^(PUT|POST)/ });
  const store = open();
  const [first, second] = [someResult("a", image), someResult("b", image)];
  await store.keep(image, first);
  await store.keep(image, second);
  expect((await open().find(image, [first.key, second.key])).size).toBe(2);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("in the folder of proofs alone");
});

it("fails where the registry can't be reached: a proof on another machine would not be found", async () => {
  const { registry, image, open } = await world();
  await registry.stop();
  await expect(open().keep(image, someResult("a", image))).rejects.toThrow(/does not answer/);
});
