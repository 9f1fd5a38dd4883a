/** What a custom resource's provider may use of the outside: given by whoever runs it. */
export interface Host {
  /**
   * The stack's configuration, decrypted: `config("apiUrl")` is the value of `lectern:apiUrl`.
   * Objects arrive as JSON text, as Pulumi stores them.
   */
  config(key: string): string | undefined;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Says one plain line to the person who waits; never a secret. */
  progress(message: string): void;
  /** A word for this run of the host: other processes and later runs have another. */
  readonly run: string;
  /** Aborted when the person interrupts: what can be saved and resumed then stops waiting. */
  readonly signal?: AbortSignal;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface CheckFailure {
  /** The input that is wrong, as Pulumi names properties: `folder`, `parts.x`. */
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffResult {
  /** Always said: without it the engine compares inputs by itself. */
  readonly changes: boolean;
  /** Inputs whose change needs a new resource. */
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

/** What the engine keeps: JSON, and in `check` and `diff` also unknowns (see {@link isUnknown}). */
// biome-ignore lint/suspicious/noExplicitAny: the engine hands over plain JSON; each provider parses it.
export type Properties = Record<string, any>;

/** The operations on one kind of custom resource. Plain functions of their arguments. */
export interface CustomResourceProvider {
  check?(olds: Properties, news: Properties, host: Host): Promise<CheckResult>;
  /** `olds` are the last outputs, `news` the checked inputs. */
  diff(id: string, olds: Properties, news: Properties, host: Host): Promise<DiffResult>;
  create(inputs: Properties, host: Host): Promise<{ id: string; outs: Properties }>;
  /** An empty id says that the resource is gone. `inputs` replaces the inputs to compare with. */
  read?(
    id: string,
    props: Properties,
    host: Host,
  ): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  update?(id: string, olds: Properties, news: Properties, host: Host): Promise<{ outs: Properties }>;
  delete?(id: string, props: Properties, host: Host): Promise<void>;
}

/** The SDK's stand-in for a value that is not known before `up`. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, as `check` and `diff` see it in a preview, is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/**
 * A create or update that worked in part: the engine saves the id and the properties, reports the
 * reasons, and asks for an update in the next run, which then continues.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: string[];

  constructor(id: string, properties: Properties, reasons: string[]) {
    super(reasons.join("\n"));
    this.id = id;
    this.properties = properties;
    this.reasons = reasons;
  }
}
