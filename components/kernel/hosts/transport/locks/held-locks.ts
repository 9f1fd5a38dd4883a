import { AsyncLocalStorage } from "node:async_hooks";
import { TransportError } from "../transport.ts";
import type { Lease } from "./lock-keeper.ts";

interface Held {
  readonly name: string;
  readonly lease: Lease;
  readonly outer: Held | undefined;
}

/**
 * The locks that the current chain of calls holds on a host. Work under a lock that broke must not
 * go on writing: another deployment may hold it by now.
 */
export class HeldLocks {
  readonly #host: string;
  readonly #held = new AsyncLocalStorage<Held>();

  constructor(host: string) {
    this.#host = host;
  }

  /** Runs `work` under the lease, and releases it. */
  async during<T>(name: string, lease: Lease, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#held.run({ name, lease, outer: this.#held.getStore() }, work);
    } finally {
      lease.release();
    }
  }

  /** Refuses an operation whose lock is gone. */
  check(operation: string): void {
    for (let held = this.#held.getStore(); held; held = held.outer) {
      if (!held.lease.lost) continue;
      throw new TransportError(
        this.#host,
        operation,
        `the connection broke, and with it the lock ${JSON.stringify(held.name)}`,
        "Run again: the next run checks what is there and continues",
        "lost",
      );
    }
  }
}
