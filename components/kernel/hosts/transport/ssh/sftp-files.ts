import type { SFTPWrapper, Stats } from "ssh2";
import { besides } from "../host-path.ts";
import { type FileSystem, fileSystemFault } from "./file-system-fault.ts";
import { isStatus, SFTP_STATUS, unsupported } from "./sftp-status.ts";

/** What every server takes in one piece. */
const PIECE = 32_768;
/** How much the first look at a file asks for: a kernel.json is far smaller. */
const FIRST_LOOK = 2 * PIECE;

type Answer<T> = (error: Error | null | undefined, value: T) => void;
type Wait = <T>(requests: readonly Promise<T>[]) => Promise<T[]>;

/**
 * File operations over one SFTP session. A server works off its requests in their order, so those
 * that don't need each other's answers are sent together and waited for once: `wait` is called
 * once for each round trip.
 */
export class SftpFiles {
  readonly #sftp: SFTPWrapper;
  readonly #wait: Wait;

  constructor(sftp: SFTPWrapper, countRoundTrip: () => void) {
    this.#sftp = sftp;
    this.#wait = async (requests) => {
      countRoundTrip();
      const answers = await Promise.allSettled(requests);
      return answers.map((answer) => {
        if (answer.status === "rejected") throw answer.reason;
        return answer.value;
      });
    };
  }

  /** The whole file. @throws with code 2 where there is none */
  async read(path: string): Promise<Buffer> {
    let room = FIRST_LOOK;
    for (;;) {
      const { content, size } = await this.#look(path, room);
      if (content.length === size) return content;
      if (size <= room) throw new Error(`the file changed while it was read`);
      room = size;
    }
  }

  async #look(path: string, room: number): Promise<{ content: Buffer; size: number }> {
    const handle = await this.#one(this.#open(path, "r", 0));
    const buffer = Buffer.alloc(room);
    const stat = ask<Stats>((answer) => this.#sftp.fstat(handle, answer));
    const pieces: Promise<number>[] = [];
    for (let at = 0; at < room; at += PIECE) {
      const length = Math.min(PIECE, room - at);
      pieces.push(ask((answer) => this.#sftp.read(handle, buffer, at, length, at, answer)));
    }
    const closed = this.#close(handle);
    const [{ size }, lengths] = (await this.#wait<unknown>([stat, Promise.all(pieces), closed])) as [
      Stats,
      number[],
    ];
    const length = lengths.reduce((sum, piece) => sum + piece, 0);
    return { content: buffer.subarray(0, length), size };
  }

  /**
   * Writes beside, flushes, renames over, touches: three round trips. Nothing is kept or renamed before
   * every byte is known to be there: a write that fails leaves all three files as they were. On a failure the
   * temporary file is removed.
   * @param keep where the file as it was before stays
   * @param older where what was at `keep` stays
   */
  async replace(path: string, content: Buffer, mode: number, keep?: string, older?: string): Promise<void> {
    const temporary = besides(path);
    const handle = await this.#one(this.#open(temporary, "wx", mode)).catch(async (error) => {
      throw await this.#causeOf(error, path);
    });
    try {
      await this.#wait<unknown>([
        ...this.#writeAll(handle, content),
        // The mode of `open` passes through the umask, this one doesn't.
        ask<void>((answer) => this.#sftp.fchmod(handle, mode, answer)),
        this.#flush(handle),
        this.#close(handle),
      ]);
      const now = Date.now() / 1000;
      await this.#wait<unknown>([
        ...(keep === undefined || older === undefined ? [] : this.#keepOlder(keep, older)),
        ...(keep === undefined ? [] : this.#keep(path, keep)),
        ask<void>((answer) => this.#sftp.ext_openssh_rename(temporary, path, answer)),
        // A watching gateway looks at events of this file's name, and a rename has the other name.
        ask<void>((answer) => this.#sftp.utimes(path, now, now, answer)),
      ]);
    } catch (error) {
      // Once the temporary file is gone there is room again.
      const cause = await this.#causeOf(error, path);
      await this.#one(ask<void>((answer) => this.#sftp.unlink(temporary, answer))).catch(() => {});
      throw cause;
    }
  }

  #keepOlder(keep: string, older: string): Promise<void>[] {
    return [
      ask<void>((answer) => this.#sftp.unlink(older, answer)),
      ask<void>((answer) => this.#sftp.ext_openssh_hardlink(keep, older, answer)),
    ].map((request) =>
      request.catch((error: unknown) => {
        if (!isStatus(error, SFTP_STATUS.noSuchFile)) throw error;
      }),
    );
  }

  /** A hard link beside, renamed over: so there is no moment without a previous file. */
  #keep(path: string, keep: string): Promise<void>[] {
    const beside = besides(keep);
    const linked = ask<void>((answer) => this.#sftp.ext_openssh_hardlink(path, beside, answer));
    const renamed = ask<void>((answer) => this.#sftp.ext_openssh_rename(beside, keep, answer));
    // A rename between two names of one file does nothing; then the first name is still there.
    const removed = ask<void>((answer) => this.#sftp.unlink(beside, answer));
    const missing = linked.then(
      () => false,
      (error) => {
        if (!isStatus(error, SFTP_STATUS.noSuchFile)) throw error;
        return true;
      },
    );
    return [
      missing.then(() => {}),
      renamed.catch(async (error) => {
        if (!(await missing)) throw error;
      }),
      removed.catch(() => {}),
    ];
  }

  /** Whether there is anything of this name. */
  async exists(path: string): Promise<boolean> {
    try {
      await this.#one(ask<Stats>((answer) => this.#sftp.lstat(path, answer)));
      return true;
    } catch (error) {
      if (isStatus(error, SFTP_STATUS.noSuchFile)) return false;
      throw error;
    }
  }

  /** It replaces nothing. */
  async rename(from: string, to: string): Promise<void> {
    try {
      await this.#one(ask<void>((answer) => this.#sftp.rename(from, to, answer)));
    } catch (error) {
      throw await this.#causeOf(error, from);
    }
  }

  /** Makes every folder of the path that isn't there: one round trip. */
  async makeFolder(path: string): Promise<void> {
    const parts = path.split("/").slice(1);
    const folders = parts.map((_, end) => `/${parts.slice(0, end + 1).join("/")}`);
    // A folder that is there already answers with the same failure as one that can't be made.
    const made = folders.map((folder) =>
      ask<void>((answer) => this.#sftp.mkdir(folder, { mode: 0o755 }, answer)).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    const stat = ask<Stats>((answer) => this.#sftp.stat(path, answer));
    const failures = Promise.all(made);
    try {
      const [found] = await this.#wait<Stats>([stat]);
      if (!found?.isDirectory()) throw new Error("there is a file of that name");
    } catch (error) {
      const refused = (await failures).find((failure) => isStatus(failure, SFTP_STATUS.permissionDenied));
      if (refused !== undefined || !isStatus(error, SFTP_STATUS.noSuchFile)) throw refused ?? error;
      // A folder that could not be made is missing now, which is not the cause.
      throw await this.#causeOf((await failures).at(-1) ?? error, path, error);
    }
  }

  /** The names in a folder. @throws with code 2 where there is none */
  async list(path: string): Promise<string[]> {
    const handle = await this.#one(ask<Buffer>((answer) => this.#sftp.opendir(path, answer)));
    const names: string[] = [];
    for (;;) {
      const entries = await this.#one(this.#entries(handle));
      if (entries.length === 0) break;
      names.push(...entries);
    }
    await this.#close(handle);
    return names.filter((name) => name !== "." && name !== "..");
  }

  /** The cause of a failure, with what the server can report of the file system. */
  #causeOf(error: unknown, path: string, otherwise = error): Promise<unknown> {
    if (!isStatus(error, SFTP_STATUS.failure) && error === otherwise) return Promise.resolve(error);
    return fileSystemFault(path, (folder) =>
      this.#one(ask<FileSystem>((answer) => this.#sftp.ext_openssh_statvfs(folder, answer))),
    ).then((fault) => fault ?? otherwise);
  }

  #entries(handle: Buffer): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#sftp.readdir(handle, (error, entries) => {
        if (!error) return resolve(entries.map((entry) => entry.filename));
        const end = 1;
        return isStatus(error, end) ? resolve([]) : reject(error);
      });
    });
  }

  #open(path: string, flags: "r" | "wx", mode: number): Promise<Buffer> {
    return ask((answer) => this.#sftp.open(path, flags, mode, answer));
  }

  #close(handle: Buffer): Promise<void> {
    return ask((answer) => this.#sftp.close(handle, answer));
  }

  #writeAll(handle: Buffer, content: Buffer): Promise<void>[] {
    const pieces: Promise<void>[] = [];
    for (let at = 0; at < content.length; at += PIECE) {
      const length = Math.min(PIECE, content.length - at);
      pieces.push(ask((answer) => this.#sftp.write(handle, content, at, length, at, answer)));
    }
    return pieces;
  }

  /** To the disk, where the server can. */
  async #flush(handle: Buffer): Promise<void> {
    try {
      await ask<unknown>((answer) => this.#sftp.ext_openssh_fsync(handle, answer));
    } catch (error) {
      if (!unsupported(error)) throw error;
    }
  }

  async #one<T>(request: Promise<T>): Promise<T> {
    const [answer] = await this.#wait([request]);
    return answer as T;
  }
}

function ask<T>(request: (answer: Answer<T>) => unknown): Promise<T> {
  const asked = new Promise<T>((resolve, reject) => {
    request((error, value) => (error ? reject(error) : resolve(value)));
  });
  // Several are sent together: one that fails before it is waited for is not forgotten, only late.
  asked.catch(() => {});
  return asked;
}
