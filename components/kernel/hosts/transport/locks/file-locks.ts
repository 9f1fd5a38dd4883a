import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type HeldLock, LockHeldError, takeLock } from "../../../../locking/lock-file.ts";
import { TransportError } from "../transport.ts";
import { type Lease, lockFolder } from "./lock-keeper.ts";

/** Milliseconds between two looks at a lock that is taken. */
const PAUSE = 100;

/**
 * Locks of this machine where it has no flock(1), as macOS: a file each. It knows nothing of locks that
 * are taken with flock.
 */
export class FileLocks {
  readonly #folder: string;

  /** @param folder where the files are; it is made */
  constructor(folder = "/tmp/lectern-locks") {
    this.#folder = folder;
  }

  /** Waits for the lock, and holds it. @param timeout milliseconds to wait for it */
  async acquire(name: string, timeout: number): Promise<Lease> {
    await mkdir(this.#folder, { recursive: true, mode: 0o777 });
    const file = join(this.#folder, `${lockFolder(name)}.holder`);
    const until = Date.now() + timeout;
    for (;;) {
      const lock = await takeUnlessHeld(file);
      if (lock) return { lost: false, release: () => void lock.release() };
      if (Date.now() > until) throw busy(name, timeout);
      await delay(PAUSE);
    }
  }
}

function takeUnlessHeld(file: string): Promise<HeldLock | undefined> {
  return takeLock(file).catch((error: unknown) => {
    if (error instanceof LockHeldError) return undefined;
    throw error;
  });
}

function busy(name: string, timeout: number): TransportError {
  return new TransportError(
    "local",
    `lock ${JSON.stringify(name)}`,
    `another deployment held it for ${Math.round(timeout / 1000)} s`,
    "Wait until the other deployment has ended, then run again",
    "timeout",
  );
}
