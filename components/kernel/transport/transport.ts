/**
 * A host on which a gateway keeps its kernelspecs. Paths are absolute and POSIX.
 * Every operation names the host and itself in its errors ({@link TransportError}).
 */
export interface Transport {
  /** The host's name as configuration gives it, for errors and state: `local` or `user@host:port`. */
  readonly host: string;
  /** The whole file, or undefined where there is none. */
  read(path: string): Promise<Buffer | undefined>;
  /**
   * Replaces the file in one step: written beside, flushed, given its mode, renamed over, and its
   * folder touched so that a watching gateway sees it. A reader sees the old bytes or the new ones.
   */
  writeAtomically(path: string, content: Buffer | string, mode?: number): Promise<void>;
  /** Renames a file or a whole folder, within one filesystem; fails where the target exists. */
  rename(from: string, to: string): Promise<void>;
  /** Creates a folder with its parents. */
  makeFolder(path: string): Promise<void>;
  /** Removes a file or a whole folder; a missing one is fine. */
  remove(path: string): Promise<void>;
  /** The names in a folder, sorted; undefined where there is no such folder. */
  list(path: string): Promise<string[] | undefined>;
  /** Runs a program with fixed arguments: no shell ever sees a value unquoted. */
  run(argv: readonly [string, ...string[]], options?: RunOptions): Promise<RunResult>;
  /**
   * Runs `work` while holding the host's lock of that name, across processes and machines. The lock
   * of a holder that died is taken over.
   */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Ends the connection; the host's other users keep theirs. */
  close(): Promise<void>;
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

/** An operation on a host that failed, with what can be done. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly host: string;
  readonly operation: string;
  readonly remedy: string;

  constructor(host: string, operation: string, what: string, remedy: string) {
    super(`${host}: ${operation}: ${what}. ${remedy}`);
    this.host = host;
    this.operation = operation;
    this.remedy = remedy;
  }
}
