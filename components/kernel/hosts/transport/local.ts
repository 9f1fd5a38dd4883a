import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { link, lstat, mkdir, open, readdir, readFile, rename, rm, unlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, denied, missing, noSpace, readOnly, tooSlow } from "./failures.ts";
import { besides, checkHostPath } from "./host-path.ts";
import { keeperProcess, runHere } from "./local-process.ts";
import { FileLocks } from "./locks/file-locks.ts";
import { HeldLocks } from "./locks/held-locks.ts";
import { KEEPER_SCRIPT, type Lease, LockKeeper } from "./locks/lock-keeper.ts";
import {
  type RunOptions,
  type RunResult,
  type Transport,
  TransportError,
  type WriteOptions,
} from "./transport.ts";

const HOST = "local";

/** The machine that this process runs on. */
export class LocalHost implements Omit<Transport, "close"> {
  readonly host = HOST;
  readonly traffic = { connections: 0, roundTrips: 0 };
  readonly #held = new HeldLocks(HOST);
  readonly #lockTimeout: number;
  #keeper: { readonly locks: LockKeeper; readonly child: ChildProcess } | undefined;
  #lockers = 0;
  #flock: boolean | undefined;

  constructor(lockTimeout = 600_000) {
    this.#lockTimeout = lockTimeout;
  }

  async read(path: string): Promise<Buffer | undefined> {
    return this.#do("read", path, () => readFile(path).catch(absent));
  }

  async list(path: string): Promise<string[] | undefined> {
    return this.#do("list", path, async () => {
      const names = await readdir(path).catch(absent);
      return names?.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    });
  }

  async writeAtomically(path: string, content: Buffer | string, options: WriteOptions = {}): Promise<void> {
    const { mode = 0o644, keepPrevious, keepOlder } = options;
    for (const kept of [keepPrevious, keepOlder]) if (kept !== undefined) checkHostPath(HOST, "write", kept);
    await this.#do("write", path, async () => {
      const temporary = besides(path);
      try {
        await writeThrough(temporary, content, mode);
        if (keepPrevious !== undefined) await keep(path, keepPrevious, keepOlder);
        await rename(temporary, path);
        // A watching gateway looks at events of this file's name, and a rename has the other name.
        await utimes(path, new Date(), new Date());
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  async rename(from: string, to: string): Promise<void> {
    checkHostPath(HOST, "rename", to);
    await this.#do("rename", from, async () => {
      if (await lstat(to).catch(absent)) {
        const remedy = "Remove or rename it first";
        throw new TransportError(HOST, `rename ${from}`, `${to} already exists`, remedy, "exists");
      }
      await rename(from, to);
    });
  }

  async makeFolder(path: string): Promise<void> {
    await this.#do("make folder", path, () => makeFolders(path));
  }

  async remove(path: string): Promise<void> {
    await this.#do("remove", path, () => rm(path, { recursive: true, force: true }));
  }

  async run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<RunResult> {
    const operation = `run ${argv[0]}`;
    this.#held.check(operation);
    const { timeout = 60_000, input = "" } = options;
    const result = await runHere(argv, timeout, input);
    if (result === "timeout") throw tooSlow(HOST, operation, timeout);
    return result;
  }

  async lock<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#held.check(`lock ${JSON.stringify(name)}`);
    this.#lockers += 1;
    try {
      const lease = await this.#acquire(name);
      return await this.#held.during(name, lease, work);
    } finally {
      this.#lockers -= 1;
      if (this.#lockers === 0) this.#keeper?.child.unref();
    }
  }

  /** Ends the process that keeps the locks, where none is taken. */
  async end(): Promise<void> {
    if (this.#lockers > 0) return;
    this.#keeper?.child.stdin?.end();
    this.#keeper = undefined;
  }

  async #acquire(name: string): Promise<Lease> {
    if (!this.#hasFlock()) return new FileLocks().acquire(name, this.#lockTimeout);
    const { locks, child } = this.#locks();
    child.ref();
    return locks.acquire(name, this.#lockTimeout);
  }

  #hasFlock(): boolean {
    this.#flock ??= (process.env["PATH"] ?? "").split(":").some((at) => existsSync(join(at, "flock")));
    return this.#flock;
  }

  #locks() {
    if (this.#keeper?.locks.ended === false) return this.#keeper;
    const child = spawn("sh", ["-c", KEEPER_SCRIPT], { stdio: ["pipe", "pipe", "ignore"] });
    this.#keeper = { locks: new LockKeeper(HOST, keeperProcess(child)), child };
    return this.#keeper;
  }

  async #do<T>(operation: string, path: string, act: () => Promise<T>): Promise<T> {
    checkHostPath(HOST, operation, path);
    const what = `${operation} ${path}`;
    this.#held.check(what);
    try {
      return await act();
    } catch (error) {
      throw describe(what, error);
    }
  }
}

/** Node reports a folder that can't be made as one that is missing; the first that is tells why. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o755 });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    let first = path;
    while (!existsSync(dirname(first))) first = dirname(first);
    await mkdir(first, { mode: 0o755 });
    await mkdir(path, { recursive: true, mode: 0o755 });
  }
}

async function writeThrough(path: string, content: Buffer | string, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(content);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A hard link beside, renamed over: so there is no moment without a previous file. */
async function keep(path: string, previous: string, older: string | undefined): Promise<void> {
  if (older !== undefined) {
    await unlink(older).catch(absent);
    await link(previous, older).catch(absent);
  }
  const beside = besides(previous);
  const linked = await link(path, beside).then(
    () => true,
    (error) => absent(error) ?? false,
  );
  if (!linked) return;
  await rename(beside, previous);
  // A rename between two names of one file does nothing; then the first name is still there.
  await unlink(beside).catch(absent);
}

/** Returns undefined for what does not exist. Every other failure is thrown. */
function absent(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function describe(operation: string, error: unknown): unknown {
  if (error instanceof TransportError) return error;
  switch (codeOf(error)) {
    case "ENOENT":
      return missing(HOST, operation);
    case "EACCES":
    case "EPERM":
      return denied(HOST, operation);
    case "EROFS":
      return readOnly(HOST, operation);
    case "ENOSPC":
    case "EDQUOT":
      return noSpace(HOST, operation);
    default: {
      const what = error instanceof Error ? error.message : String(error);
      return new TransportError(HOST, operation, what, "Check the path on this machine");
    }
  }
}
