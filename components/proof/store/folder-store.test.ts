import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { digestOf } from "../../digest.ts";
import { someResult } from "../testing/some-result.ts";
import { folderStore } from "./folder-store.ts";
import { proofStoreContract } from "./testing/proof-store-contract.ts";

let folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  folders = [];
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-proofs-"));
  folders.push(folder);
  return join(folder, "proofs");
}

proofStoreContract(async () => {
  const folder = await newFolder();
  return {
    open: () => folderStore(folder),
    image: async (name) => `registry.test/${name}@${digestOf(name)}`,
  };
});

it("takes no file for a result that is none, or another's", async () => {
  const folder = await newFolder();
  const store = folderStore(folder);
  const [result, other] = [someResult("a"), someResult("b")];
  const path = join(folder, result.key.slice(0, 2), `${result.key}.json`);
  await mkdir(dirname(path), { recursive: true });
  const oversized = { ...result, note: "x".repeat(300_000) };
  const texts = ["", "{", "[]", JSON.stringify({ ...result, seconds: -1 }), JSON.stringify(other)];
  for (const text of [...texts, JSON.stringify(oversized)]) {
    await writeFile(path, text);
    expect((await store.find(result.image, [result.key])).size).toBe(0);
  }
  await writeFile(path, JSON.stringify(result));
  expect((await store.find(result.image, [result.key])).size).toBe(1);
});

it("asks for no file outside its folder", async () => {
  const folder = await newFolder();
  await mkdir(folder);
  await writeFile(join(dirname(folder), "x.json"), JSON.stringify(someResult("a")));
  expect((await folderStore(folder).find("image", ["../x", "..\\x", ""])).size).toBe(0);
});

it("leaves nothing half-written, and says where it can't write", async () => {
  const folder = await newFolder();
  await writeFile(folder, "a file where the folder should be");
  const kept = folderStore(folder).keep("image", someResult("a"));
  await expect(kept).rejects.toThrow(/the folder of proofs can't be written.*LECTERN_PROOFS/s);
  const good = await newFolder();
  const result = someResult("a");
  await Promise.all(Array.from({ length: 20 }, () => folderStore(good).keep(result.image, result)));
  expect(await readdir(join(good, result.key.slice(0, 2)))).toEqual([`${result.key}.json`]);
});
