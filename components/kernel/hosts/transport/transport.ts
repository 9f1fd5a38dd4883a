import { LecternError } from "../../../problem/problem.ts";

/**
 * A host on which a gateway keeps its kernelspecs. Paths are absolute and POSIX, without `.` or `..`.
 * Every operation names the host and itself in its errors ({@link TransportError}).
 * Made by `openTransport` (connections.ts); opening costs nothing, the first operation connects.
 */
export interface Transport {
  /** The host's name as configuration gives it, for errors and state: `local` or `user@host:port`. */
  readonly host: string;
  /** What the operations cost so far, over all users of the same connection. */
  readonly traffic: Traffic;
  /** The whole file, or undefined where there is none. Two round trips. */
  read(path: string): Promise<Buffer | undefined>;
  /**
   * Replaces the file in one step: written beside, flushed, given its mode, renamed over, and its
   * folder touched so that a watching gateway sees it. A reader sees the old bytes or the new ones.
   * Three round trips, whatever the options.
   */
  writeAtomically(path: string, content: Buffer | string, options?: WriteOptions): Promise<void>;
  /** Renames a file or a whole folder, within one filesystem; fails where the target exists. */
  rename(from: string, to: string): Promise<void>;
  /** Creates a folder with its parents. */
  makeFolder(path: string): Promise<void>;
  /** Removes a file or a whole folder; a missing one is fine. */
  remove(path: string): Promise<void>;
  /** The names in a folder, sorted by code point; undefined where the folder does not exist. */
  list(path: string): Promise<string[] | undefined>;
  /**
   * Runs a program with fixed arguments: no shell ever sees a value unquoted. Any exit code is a result; a
   * program that doesn't exist ends with 127, as in a shell.
   */
  run(argv: readonly [string, ...string[]], options?: RunOptions): Promise<RunResult>;
  /**
   * Runs `work` while holding the host's lock of that name, across processes and machines. The lock
   * of a holder that died is taken over. One round trip. Where the connection breaks meanwhile, the
   * lock is gone with it: the transport's further operations within `work` then fail.
   */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Ends the connection; the host's other users keep theirs. */
  close(): Promise<void>;
}

export interface WriteOptions {
  /** @default 0o644 */
  readonly mode?: number;
  /** Where the file as it was before stays, on the same filesystem; replaced in one step too. */
  readonly keepPrevious?: string;
  /** Where what was at `keepPrevious` stays; nothing is there where there was nothing. */
  readonly keepOlder?: string;
}

/** What was spent on a host. */
export interface Traffic {
  /** How many connections were opened. */
  readonly connections: number;
  /** How often something was sent and its answer waited for; what is sent together counts once. */
  readonly roundTrips: number;
}

export interface RunOptions {
  /** Milliseconds. @default 60_000 */
  readonly timeout?: number;
  readonly input?: string | Buffer;
}

export interface RunResult {
  /** The exit code; -1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a host is and how it is reached. The key never is a part of it. */
export type HostAddress =
  | { readonly kind: "local" }
  | {
      readonly kind: "ssh";
      readonly host: string;
      /** @default 22 */
      readonly port?: number;
      readonly user: string;
      /** The public host key, as in a known_hosts line: `ssh-ed25519 AAAA…`. Mandatory. */
      readonly hostKey: string;
    };

/** What lets one in, from configuration or the environment; it is kept in memory only. */
export interface Credentials {
  /** A private key in OpenSSH or PEM format, without a passphrase. It goes before the agent. */
  readonly privateKey?: string;
  /** The socket of an SSH agent, as in `SSH_AUTH_SOCK`. */
  readonly agent?: string;
}

/** What went wrong, for code that acts on it. */
export type TransportReason =
  | "host-key"
  | "unreachable"
  | "refused"
  | "lost"
  | "timeout"
  | "missing"
  | "exists"
  | "permission"
  | "no-space"
  | "failed";

/** An operation on a host that failed, with what can be done. */
export class TransportError extends LecternError {
  override readonly name = "TransportError";
  readonly host: string;
  readonly operation: string;
  readonly what: string;
  readonly remedy: string;
  readonly reason: TransportReason;

  /**
   * @param operation what was tried, with its path: `read /opt/kernels/x/kernel.json`
   * @param what what is wrong, without a full stop
   */
  constructor(
    host: string,
    operation: string,
    what: string,
    remedy: string,
    reason: TransportReason = "failed",
  ) {
    const message = `${host}: ${operation}: ${what}`;
    super({ code: `transport-${reason}`, severity: "error", message, remedy });
    this.host = host;
    this.operation = operation;
    this.what = what;
    this.remedy = remedy;
    this.reason = reason;
  }
}

/** The SSH agent's socket; undefined where there is none, also where the variable is empty. */
export const agentSocket = (environment: NodeJS.ProcessEnv = process.env): string | undefined =>
  environment["SSH_AUTH_SOCK"] || undefined;
