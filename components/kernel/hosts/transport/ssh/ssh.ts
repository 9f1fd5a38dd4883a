import pLimit from "p-limit";
import type { ClientChannel } from "ssh2";
import { connectionBroke, describeSftpFailure, tooSlow } from "../failures.ts";
import { checkHostPath } from "../host-path.ts";
import { HeldLocks } from "../locks/held-locks.ts";
import { KEEPER_SCRIPT, LockKeeper } from "../locks/lock-keeper.ts";
import {
  type RunOptions,
  type RunResult,
  type Transport,
  TransportError,
  type WriteOptions,
} from "../transport.ts";
import { quote } from "./quote.ts";
import { SftpFiles } from "./sftp-files.ts";
import { isStatus, SFTP_STATUS } from "./sftp-status.ts";
import { keeperProcess, runOnChannel } from "./ssh-channel.ts";
import { exec, type Link, type SshConnection } from "./ssh-connection.ts";

/**
 * How many programs run at once on one connection. OpenSSH allows ten sessions unless it is configured
 * otherwise (MaxSessions); two more are the files' and the locks'.
 */
const SESSIONS = 6;

interface Attempt {
  /** What is tried, for errors. */
  readonly operation: string;
  readonly path?: string;
  /** Whether doing it twice does no harm: then it is done again where the connection broke. */
  readonly again: boolean;
}

/**
 * A host over SSH: files through SFTP, programs through exec. All the transports of one host share
 * what is here: the connection, its sessions and its locks.
 */
export class SshHost implements Omit<Transport, "close"> {
  readonly #connection: SshConnection;
  readonly #turns = pLimit(SESSIONS);
  readonly #held: HeldLocks;
  readonly #keepers = new WeakMap<Link, Promise<LockKeeper>>();

  constructor(connection: SshConnection) {
    this.#connection = connection;
    this.#held = new HeldLocks(connection.host);
  }

  get host() {
    return this.#connection.host;
  }

  get traffic() {
    return this.#connection.traffic;
  }

  async read(path: string): Promise<Buffer | undefined> {
    return this.#absentIsUndefined({ operation: "read", path, again: true }, (files) => files.read(path));
  }

  async list(path: string): Promise<string[] | undefined> {
    const attempt = { operation: "list", path, again: true };
    return this.#absentIsUndefined(attempt, async (files) => (await files.list(path)).sort(byCodePoint));
  }

  async writeAtomically(path: string, content: Buffer | string, options: WriteOptions = {}): Promise<void> {
    const { mode = 0o644, keepPrevious, keepOlder } = options;
    for (const kept of [keepPrevious, keepOlder])
      if (kept !== undefined) checkHostPath(this.host, "write", kept);
    await this.#files({ operation: "write", path, again: true }, (files) =>
      files.replace(path, Buffer.from(content), mode, keepPrevious, keepOlder),
    );
  }

  async rename(from: string, to: string): Promise<void> {
    checkHostPath(this.host, "rename", to);
    await this.#files({ operation: `rename to ${to}`, path: from, again: false }, async (files) => {
      try {
        await files.rename(from, to);
      } catch (error) {
        if (!isStatus(error, SFTP_STATUS.failure) || !(await files.exists(to))) throw error;
        throw new TransportError(
          this.host,
          `rename ${from}`,
          `${to} already exists`,
          "Remove or rename it first",
          "exists",
        );
      }
    });
  }

  async makeFolder(path: string): Promise<void> {
    await this.#files({ operation: "make folder", path, again: true }, (files) => files.makeFolder(path));
  }

  async remove(path: string): Promise<void> {
    checkHostPath(this.host, "remove", path);
    const result = await this.run(["rm", "-rf", "--", path]);
    if (result.code === 0) return;
    const denied = /permission denied|not permitted/i.test(result.stderr);
    throw new TransportError(
      this.host,
      `remove ${path}`,
      result.stderr.trim() || `rm failed with exit code ${result.code}`,
      "Check who owns it, and run again",
      denied ? "permission" : "failed",
    );
  }

  async run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<RunResult> {
    const operation = `run ${argv[0]}`;
    const command = this.#commandLine(argv);
    return this.#turns(() =>
      this.#attempt({ operation, again: false }, async (link) => {
        const channel = await this.#exec(link, command);
        const result = await runOnChannel(channel, options.timeout ?? 60_000, options.input);
        if (result === "timeout") throw tooSlow(this.host, operation, options.timeout ?? 60_000);
        return result;
      }),
    );
  }

  async lock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const attempt = { operation: `lock ${JSON.stringify(name)}`, again: true };
    const lease = await this.#attempt(attempt, async (link) => {
      const keeper = await this.#lockKeeper(link);
      this.#connection.countRoundTrip();
      return keeper.acquire(name, this.#connection.timeouts.lock);
    });
    // As long as a lock is held, the connection is in use, or it could be ended as idle.
    return this.#connection.use(() => this.#held.during(name, lease, work));
  }

  #lockKeeper(link: Link): Promise<LockKeeper> {
    const known = this.#keepers.get(link);
    if (known) return known;
    const forget = () => this.#keepers.delete(link);
    const made = this.#exec(link, quote(["sh", "-c", KEEPER_SCRIPT])).then((channel) => {
      channel.once("close", forget);
      return new LockKeeper(this.host, keeperProcess(channel));
    });
    made.catch(forget);
    this.#keepers.set(link, made);
    return made;
  }

  #exec(link: Link, command: string): Promise<ClientChannel> {
    // One for the channel, one for the command.
    for (let trip = 0; trip < 2; trip += 1) this.#connection.countRoundTrip();
    return exec(link, command);
  }

  #commandLine(argv: readonly [string, ...string[]]): string {
    try {
      return quote(argv);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new TransportError(this.host, `run ${JSON.stringify(argv[0])}`, what, "Use another name");
    }
  }

  async #absentIsUndefined<T>(
    attempt: Attempt & { path: string },
    act: (files: SftpFiles) => Promise<T>,
  ): Promise<T | undefined> {
    return this.#files(attempt, async (files) => {
      try {
        return await act(files);
      } catch (error) {
        if (isStatus(error, SFTP_STATUS.noSuchFile)) return undefined;
        throw error;
      }
    });
  }

  #files<T>(attempt: Attempt & { path: string }, act: (files: SftpFiles) => Promise<T>): Promise<T> {
    checkHostPath(this.host, attempt.operation, attempt.path);
    return this.#attempt(attempt, (link) => {
      const work = async () => {
        const files = new SftpFiles(await link.sftp(() => this.#connection.countRoundTrip()), () =>
          this.#connection.countRoundTrip(),
        );
        try {
          return await act(files);
        } catch (error) {
          if (error instanceof TransportError) throw error;
          throw describeSftpFailure(this.host, attempt.operation, attempt.path, error);
        }
      };
      return this.#inTime(`${attempt.operation} ${attempt.path}`, link, work());
    });
  }

  /** Once; and once more on a new connection, where the old one broke and that does no harm. */
  async #attempt<T>(attempt: Attempt, act: (link: Link) => Promise<T>): Promise<T> {
    const operation = attempt.path ? `${attempt.operation} ${attempt.path}` : attempt.operation;
    for (let left = attempt.again ? 1 : 0; ; left -= 1) {
      this.#held.check(operation);
      let used: Link | undefined;
      try {
        return await this.#connection.use((link) => {
          used = link;
          return act(link);
        });
      } catch (error) {
        if (error instanceof TransportError && error.reason !== "lost") throw error;
        if (!used?.dead || left === 0) throw connectionBroke(this.host, operation, error);
      }
    }
  }

  /** After a timeout it is unknown what the host did: the connection isn't used any more. */
  async #inTime<T>(operation: string, link: Link, work: Promise<T>): Promise<T> {
    const limit = this.#connection.timeouts.operation;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(tooSlow(this.host, operation, limit));
        link.client.destroy();
      }, limit);
    });
    return Promise.race([work, silence]).finally(() => clearTimeout(timer));
  }
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
