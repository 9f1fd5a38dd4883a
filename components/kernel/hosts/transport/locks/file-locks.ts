import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TransportError } from "../transport.ts";
import { type Lease, lockFolder } from "./lock-keeper.ts";

/** Milliseconds between two looks at a lock that is taken. */
const PAUSE = 100;

/**
 * Locks of this machine where it has no flock(1), as macOS: a file that names its holder, a
 * process with the time of its start. A holder that is gone is taken over. It knows nothing of
 * locks that are taken with flock.
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
    // The nonce distinguishes two locks of one process.
    const holder = `${process.pid} ${randomUUID()} ${await startOf(process.pid)}`;
    const until = Date.now() + timeout;
    while (!(await this.#take(file, holder))) {
      if (Date.now() > until) throw busy(name, timeout);
      await delay(PAUSE);
    }
    return { lost: false, release: () => void unlink(file).catch(() => {}) };
  }

  /** A whole file appears under the name, or none: a link fails where the name is taken. */
  async #take(file: string, holder: string): Promise<boolean> {
    const beside = `${file}.${randomUUID()}`;
    await writeFile(beside, holder, { mode: 0o644 });
    try {
      await link(beside, file);
      return true;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      await this.#removeIfDead(file);
      return false;
    } finally {
      await unlink(beside);
    }
  }

  async #removeIfDead(file: string): Promise<void> {
    const seen = await readFile(file, "utf8").catch(() => undefined);
    if (seen === undefined || (await isAlive(seen))) return;
    const aside = `${file}.${randomUUID()}`;
    const moved = await rename(file, aside).then(
      () => true,
      () => false,
    );
    if (!moved) return;
    // Somebody else may have taken it over in between: then it is theirs, and goes back.
    if ((await readFile(aside, "utf8")) !== seen) await link(aside, file).catch(() => {});
    await unlink(aside);
  }
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid = "", , ...start] = holder.split(" ");
  return (await startOf(Number(pid))) === start.join(" ");
}

/** When a process started, as `ps` shows it: a process ID that is used again is another process. */
function startOf(pid: number): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    execFile("ps", ["-o", "lstart=", "-p", String(pid)], { env }, (error, stdout) =>
      resolve(error ? "gone" : stdout.trim().replaceAll(/\s+/g, " ")),
    );
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
