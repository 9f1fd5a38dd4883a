import { setTimeout as delay } from "node:timers/promises";

/** What a registry can do wrong. */
export type FaultKind =
  /** The `Docker-Content-Digest` of a manifest is another's. */
  | "wrong-digest-header"
  /** A manifest or a blob arrives with other bytes than it was pushed with. */
  | "wrong-bytes"
  /** A manifest that is pushed is kept in a form of the registry's own, with another digest. */
  | "rewritten"
  /** 500. */
  | "broken"
  /** 429 with `Retry-After: 1`. */
  | "busy"
  /** 403. */
  | "denied"
  /** The request is refused after it was done: its answer is lost. */
  | "lost-answer"
  /** Waits before it answers. */
  | "slow";

export interface Fault {
  readonly kind: FaultKind;
  /** Only requests whose `METHOD /path` fits. @default all below /v2/ */
  readonly match?: RegExp;
  /** How many requests it meets. @default all, until it is cleared */
  readonly times?: number;
  /** Milliseconds, for `slow`. @default 200 */
  readonly wait?: number;
}

/** The faults that are switched on. */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];

  /** @returns what switches it off again */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.push(entry);
    return () => {
      this.#active = this.#active.filter((other) => other !== entry);
    };
  }

  /** The faults that this request meets; each counts it. */
  async meet(line: string): Promise<ReadonlySet<FaultKind>> {
    const met = this.#active.filter(({ fault, left }) => left > 0 && (fault.match?.test(line) ?? true));
    for (const entry of met) entry.left -= 1;
    const slow = met.find(({ fault }) => fault.kind === "slow");
    if (slow) await delay(slow.fault.wait ?? 200);
    return new Set(met.map(({ fault }) => fault.kind));
  }
}
