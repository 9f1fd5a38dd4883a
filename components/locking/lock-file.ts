import { randomUUID } from "node:crypto";
import { link, readFile, unlink, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { startOfProcess } from "./process-start.ts";

/** Milliseconds between two looks at an abandoned lock that another process takes over. */
const PAUSE = 5;

/** A lock that is held. */
export interface HeldLock {
  release(): Promise<void>;
}

/** Another process holds the lock. */
export class LockHeldError extends Error {
  override readonly name = "LockHeldError";
  /** The process that holds it. */
  readonly holder: number;

  constructor(file: string, holder: number) {
    super(`${file} is held by process ${holder}`);
    this.holder = holder;
  }
}

/**
 * Takes a lock of this machine: a file that names the process that holds it and when that process started.
 * A lock whose holder is gone is taken over.
 * @param file a path in an existing folder
 * @throws {LockHeldError} where another process holds it, or this one
 */
export async function takeLock(file: string): Promise<HeldLock> {
  // The nonce distinguishes two locks of one process.
  const own = `${process.pid} ${randomUUID()} ${await startOfProcess(process.pid)}`;
  const beside = `${file}.${randomUUID()}`;
  await writeFile(beside, own, { mode: 0o644 });
  try {
    while (!(await appears(beside, file))) await removeAbandoned(file);
  } finally {
    await unlink(beside);
  }
  let released: Promise<void> | undefined;
  return {
    release: () => {
      // Later the file may be of the next holder.
      released ??= unlink(file).catch(ignoreMissing);
      return released;
    },
  };
}

/** A whole file appears under the name, or none: a link fails where the name is taken. */
function appears(beside: string, file: string): Promise<boolean> {
  return link(beside, file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

/** Removes a lock whose holder is gone. One process at a time does it: a second would remove the next holder's. */
async function removeAbandoned(file: string): Promise<void> {
  const seen = await readFile(file, "utf8").catch(ignoreMissing);
  if (seen === undefined) return;
  await refuseIfHeld(file, seen);
  const takeover = await takeLock(`${file}.takeover`).catch(ignoreHeld);
  if (takeover === undefined) return await delay(PAUSE);
  try {
    if ((await readFile(file, "utf8").catch(ignoreMissing)) === seen) await unlink(file);
  } finally {
    await takeover.release();
  }
}

async function refuseIfHeld(file: string, text: string): Promise<void> {
  const holder = Number.parseInt(text, 10);
  if (await isHeld(text, holder)) throw new LockHeldError(file, holder);
}

async function isHeld(text: string, holder: number): Promise<boolean> {
  const [, , ...start] = text.split(" ");
  const running = await startOfProcess(holder);
  // A lock of an earlier version is a process ID alone.
  return running !== undefined && (start.length === 0 || running === start.join(" "));
}

function ignoreHeld(error: unknown): undefined {
  if (!(error instanceof LockHeldError)) throw error;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
