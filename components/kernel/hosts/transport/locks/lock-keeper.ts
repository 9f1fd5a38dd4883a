import { createHash } from "node:crypto";
import { TransportError } from "../transport.ts";

/**
 * What runs on the host: a shell that takes and drops locks by the commands on its input, and that
 * drops them all when the input ends, so a holder that died holds nothing. The text is fixed and
 * the names that it reads are made of safe characters.
 *
 * A lock is flock(2) on a folder, which, unlike a file, every user of the host may open. Each is
 * held by a process of its own, which looks every two seconds whether the shell still lives: a
 * shell that was killed can't end it.
 */
export const KEEPER_SCRIPT = `
umask 0
base=/tmp/lectern-locks
mkdir -m 1777 "$base" 2>/dev/null
held=
trap 'kill $held 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM
hold='echo "held $1"; exec >/dev/null 2>&1; while kill -0 "$PPID" && kill -0 "$2"; do sleep 2; done'
while read -r verb id name; do
  case $verb in
  take)
    if ! command -v flock >/dev/null 2>&1; then echo "fail $id flock"; continue; fi
    mkdir -m 777 "$base/$name" 2>/dev/null
    if ! [ -r "$base/$name" ]; then echo "fail $id folder"; continue; fi
    flock -o "$base/$name" sh -c "$hold" lock "$id" "$$" </dev/null &
    eval "lock_$id=$!"
    held="$held $!"
    ;;
  drop)
    eval "gone=\\$lock_$id"
    kill "$gone" 2>/dev/null
    wait "$gone" 2>/dev/null
    rest=
    for pid in $held; do [ "$pid" = "$gone" ] || rest="$rest $pid"; done
    held=$rest
    ;;
  esac
done
`;

/** The keeper's process, here or on a host: lines go in, lines come out. */
export interface KeeperProcess {
  send(line: string): void;
  onLine(listener: (line: string) => void): void;
  onEnd(listener: () => void): void;
}

/** A lock that is held, until it is released or its keeper ends. */
export interface Lease {
  readonly lost: boolean;
  release(): void;
}

interface Waiter {
  readonly held: () => void;
  readonly failed: (cause: "flock" | "folder" | "ended") => void;
}

/** Takes locks through one keeper process. */
export class LockKeeper {
  readonly #host: string;
  readonly #process: KeeperProcess;
  readonly #waiters = new Map<number, Waiter>();
  #last = 0;
  #ended = false;

  constructor(host: string, process: KeeperProcess) {
    this.#host = host;
    this.#process = process;
    process.onLine((line) => this.#hear(line));
    process.onEnd(() => this.#end());
  }

  /** Whether it can take no more locks; those that it held are free. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Waits for the lock, and holds it. One round trip where it is free.
   * @param timeout milliseconds to wait for it
   */
  async acquire(name: string, timeout: number): Promise<Lease> {
    const id = ++this.#last;
    const release = () => {
      if (!this.#ended) this.#process.send(`drop ${id}`);
    };
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(id);
        release();
        reject(this.#failure(name, "busy", timeout));
      }, timeout);
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(id);
        act();
      };
      this.#waiters.set(id, {
        held: () => settle(resolve),
        failed: (cause) => settle(() => reject(this.#failure(name, cause, timeout))),
      });
      if (this.#ended) this.#waiters.get(id)?.failed("ended");
      else this.#process.send(`take ${id} ${lockFolder(name)}`);
    });
    const keeper = this;
    return {
      get lost() {
        return keeper.#ended;
      },
      release,
    };
  }

  #hear(line: string): void {
    const [verb, id, cause] = line.split(" ");
    const waiter = this.#waiters.get(Number(id));
    if (verb === "held") waiter?.held();
    else if (verb === "fail") waiter?.failed(cause === "flock" ? "flock" : "folder");
  }

  #end(): void {
    this.#ended = true;
    for (const waiter of [...this.#waiters.values()]) waiter.failed("ended");
  }

  #failure(name: string, cause: "flock" | "folder" | "ended" | "busy", timeout: number): TransportError {
    const operation = `lock ${JSON.stringify(name)}`;
    switch (cause) {
      case "flock":
        return new TransportError(
          this.#host,
          operation,
          "the host has no flock program",
          "Install util-linux there",
        );
      case "folder":
        return new TransportError(
          this.#host,
          operation,
          "/tmp/lectern-locks can't be used",
          "Remove it, or make it a folder that every user may read and write (mode 1777)",
          "permission",
        );
      case "ended":
        return new TransportError(
          this.#host,
          operation,
          "the process that holds locks ended",
          "Run again",
          "lost",
        );
      case "busy":
        return new TransportError(
          this.#host,
          operation,
          `another deployment held it for ${Math.round(timeout / 1000)} s`,
          "Wait until the other deployment has ended, then run again",
          "timeout",
        );
    }
  }
}

/** A folder's name for a lock: readable, and different for different names. */
export function lockFolder(name: string): string {
  const readable = name.replaceAll(/[^A-Za-z0-9._-]/g, "_").slice(0, 60);
  return `${readable}-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}
