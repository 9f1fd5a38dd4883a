import { copyFile, mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LockHeldError, takeLock } from "../../../components/locking/lock-file.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { storageError } from "../../storage-error.ts";
import type { Deployment } from "./deployment.ts";

/** The file of one stack's state. */
export function stateFile(folder: string, stack: string): string {
  return join(folder, `${stack}.json`);
}

/**
 * A stack's deployment, its secrets still sealed; undefined where there is none yet.
 * @throws LecternError where the file is there but is not a state; the file is left as it is
 */
export async function readDeployment(path: string): Promise<Deployment | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = parse(text);
  if (parsed === undefined) throw await damaged(path);
  return parsed;
}

function parse(text: string): Deployment | undefined {
  try {
    const file = JSON.parse(text) as { version?: unknown; deployment?: Partial<Deployment> };
    const { deployment } = file;
    if (file.version !== 3 || deployment?.manifest === undefined) return undefined;
    if (deployment.resources !== undefined && !Array.isArray(deployment.resources)) return undefined;
    return deployment as Deployment;
  } catch {
    return undefined;
  }
}

async function damaged(path: string): Promise<LecternError> {
  const backup = await stat(`${path}.bak`).catch(() => undefined);
  const problem: Problem = {
    code: "damaged-state",
    severity: "error",
    file: path,
    message: "the state is truncated or is not a state; nothing was changed",
    remedy: backup
      ? `Check the backup ${path}.bak of ${backup.mtime.toISOString()}; if it is right, copy it over the state`
      : "Restore a copy of it, or move the file away to start with an empty state",
  };
  return new LecternError(problem);
}

/** Writes a state: all or nothing, and on the disk when it resolves. */
export class StateWriter {
  readonly #path: string;
  #backedUp = false;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Saves what `text` gives at the time of writing. Calls that come while a save runs share the one
   * after it, so each caller's change is on the disk when its own promise resolves.
   */
  save(text: () => Promise<string>): Promise<void> {
    if (this.#next) return this.#next;
    const after = this.#running ?? Promise.resolve();
    const mine = after
      .catch(() => undefined)
      .then(async () => {
        this.#running = mine;
        this.#next = undefined;
        await this.#write(await text()).catch((error: unknown) => {
          throw storageError(error, this.#path);
        });
      });
    this.#next = mine;
    return mine;
  }

  async #write(text: string): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    if (!this.#backedUp) await copyFile(this.#path, `${this.#path}.bak`).catch(ignoreMissing);
    this.#backedUp = true;
    const temporary = `${this.#path}.tmp`;
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
    await syncFolder(dirname(this.#path));
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().catch(() => undefined);
  await handle.close();
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/**
 * Keeps other runs away from a state. A lock whose process is gone is taken over.
 * @returns what gives it back
 * @throws LecternError where another run holds it
 */
export async function lockState(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const { release } = await takeLock(lock);
    return release;
  } catch (error) {
    throw error instanceof LockHeldError ? locked(lock, error.holder) : error;
  }
}

function locked(lock: string, holder: number): LecternError {
  return new LecternError({
    code: "state-locked",
    severity: "error",
    file: lock,
    message: `another run, process ${holder}, is using this state`,
    remedy: "Wait until it ends, or stop it",
  });
}
