import type { Clock } from "./clock.ts";
import { type ConfigSlice, type Configured, configReader } from "./configured.ts";
import { type Pace, pollUntil } from "./poll.ts";

/** One line for people to read; never a secret. */
export interface Report {
  readonly severity: "info" | "warning" | "error";
  /** The ID of the resource that it is about, such as `course/bell-states`. */
  readonly resource?: string | undefined;
  readonly message: string;
}

/** What a context is made of: the outside of the process that hosts the providers. */
export interface ContextParts {
  /** The stack's configuration, decrypted: `raw("apiUrl")` is the value of `lectern:apiUrl`, as text. */
  readonly raw: (key: string) => string | undefined;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly report: (report: Report) => void;
  /** An ID for this run of the process: other processes and later runs have another. */
  readonly run: string;
  /** Aborted when the person interrupts: what can be saved and resumed then stops waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** What a provider is given beside its own inputs and state. It lives as long as the run. */
export interface ProviderContext {
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /**
   * A part of the stack's configuration, by the schemas that a component declares for it.
   * @throws {LecternError} where a value is not of the kind that its key takes
   */
  config<S extends ConfigSlice>(slice: S): Configured<S>;
  /**
   * What is made once per run, for whichever resource asks first. A promise that rejects is forgotten,
   * so that the next one asks again.
   */
  once<T>(key: string, make: () => T): T;
  report(report: Report): void;
  /**
   * Asks until there is an answer; undefined where the pace's limit is reached without one.
   * @throws the signal's reason where the person interrupts
   */
  poll<T>(ask: (waited: number) => Promise<T | undefined>, pace: Pace): Promise<T | undefined>;
  /** Whether this run has deleted the resource with that ID: what was needed by it is free then. */
  wasDeleted(id: string): boolean;
  /** Notes a deletion; the dispatcher calls it for every resource. */
  noteDeleted(id: string): void;
}

const never = new AbortController().signal;

export function makeContext(parts: ContextParts): ProviderContext {
  const { raw, fetch, clock, report, run, signal = never } = parts;
  const made = new Map<string, unknown>();
  const deleted = new Set<string>();
  return {
    runId: run,
    signal,
    fetch,
    clock,
    config: configReader(raw),
    once: (key, make) => onceIn(made, key, make),
    report,
    poll: (ask, pace) => pollUntil(ask, pace, clock, signal),
    wasDeleted: (id) => deleted.has(id),
    noteDeleted: (id) => void deleted.add(id),
  };
}

function onceIn<T>(made: Map<string, unknown>, key: string, make: () => T): T {
  // Each key has one type of value, by the convention that its maker is the only one to use it.
  if (made.has(key)) return made.get(key) as T;
  const value = make();
  made.set(key, value);
  if (value instanceof Promise) value.catch(() => made.get(key) === value && made.delete(key));
  return value;
}
