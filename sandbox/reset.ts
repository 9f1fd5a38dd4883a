import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type HeldLock, LockHeldError, takeLock } from "../components/locking/lock-file.ts";
import { LecternError } from "../components/problem/problem.ts";
import { defaultState } from "./options.ts";
import { hostFiles, readAddress } from "./services/host/protocol.ts";

/** What a sandbox keeps in its state folder. */
const PARTS = ["state", "pulumi", "qbook", "registry", "gateway", "gateway-staging", "gateway-prod"];

/**
 * Deletes the files of the sandbox, and no others in its folder.
 * @returns whether there was anything to delete
 * @throws {LecternError} while a command uses them, or if it is no sandbox's folder
 */
export async function reset(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const parts = PARTS.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (parts.length === 0 && folder !== defaultState()) throw notSandbox(folder);
  const locks: HeldLock[] = [];
  try {
    locks.push(await lock(hostFiles(folder).lock, folder));
    for (const state of await states(folder)) locks.push(await lock(`${state}.lock`, folder));
    for (const path of parts) await rm(path, { recursive: true, force: true });
  } finally {
    for (const held of locks) await held.release();
  }
  return parts.length > 0;
}

/** The files of the stacks' states, on both engines. */
async function states(folder: string): Promise<string[]> {
  const files = await Promise.all(
    ["state", "pulumi"].map(async (name) => {
      const names = await readdir(join(folder, name)).catch(() => []);
      return names.map((file) => join(folder, name, file));
    }),
  );
  return files.flat().flatMap((file) => /^(.*)\.lock$/.exec(file)?.[1] ?? []);
}

async function lock(file: string, folder: string): Promise<HeldLock> {
  try {
    return await takeLock(file);
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    const users = (await readAddress(folder))?.users ?? [];
    const named = users.map(({ command, pid }) => `\`${command}\` (process ${pid})`);
    throw new LecternError({
      code: "in-use",
      severity: "error",
      file: folder,
      message: `${named.length > 0 ? named.join(", ") : `process ${error.holder}`} is using the sandbox`,
      remedy: "Stop it with Ctrl-C where it runs, then reset",
    });
  }
}

const notSandbox = (folder: string) =>
  new LecternError({
    code: "not-a-state-folder",
    severity: "error",
    path: "--state",
    message: `${folder} contains no sandbox state`,
    remedy: "Use the --state folder that the sandbox was run with",
  });
