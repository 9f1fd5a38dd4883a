import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import { LecternError } from "../../problem/problem.ts";
import { PROOF_KEY, type ProofResult, presentable } from "../result/proof-result.ts";
import { LARGEST_RESULT, readResult } from "./kept-result.ts";
import type { ProofStore } from "./proof-store.ts";

/** Files that are open at once. */
const OPEN = 32;

/**
 * Keeps results as files of a folder, which CI caches: for images whose registry takes no artifacts, or whose
 * repository can only be read. A key is a file's name, and has the image's digest in it.
 */
export function folderStore(folder: string): ProofStore {
  const place = (key: string) => join(folder, key.slice(0, 2), `${key}.json`);
  return {
    async find(_image, keys) {
      const limit = pLimit(OPEN);
      const found = await Promise.all(
        [...new Set(keys)]
          .filter((key) => PROOF_KEY.test(key))
          .map((key) => limit(() => read(place(key), key))),
      );
      return new Map(found.flatMap((result) => (result ? [[result.key, result] as const] : [])));
    },
    async keep(_image, result) {
      const kept = await presentable(result);
      await write(place(kept.key), JSON.stringify(kept), folder);
    },
  };
}

async function read(path: string, key: string): Promise<ProofResult | undefined> {
  try {
    if ((await stat(path)).size > LARGEST_RESULT) return undefined;
    return readResult(await readFile(path, "utf8"), key);
  } catch {
    return undefined;
  }
}

/** In one step, so that nobody reads half of it. */
async function write(path: string, text: string, folder: string): Promise<void> {
  const beside = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new LecternError({
      code: "unwritable-proofs",
      severity: "error",
      file: folder,
      message: `the folder of proofs can't be written: ${error instanceof Error ? error.message : String(error)}`,
      remedy: "Check its permissions and the space that is left, or name another one in LECTERN_PROOFS",
    });
  }
}
