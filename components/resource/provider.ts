import type { ProviderContext } from "./context/context.ts";
import type { Contract, GivenInputs, Inputs, KeptState, Planned, State } from "./contract.ts";

export interface CheckFailure {
  /** The input that is wrong, as Pulumi names properties: `folder`, `parts.x`. */
  readonly property: string;
  readonly reason: string;
}

/** What a check found; nothing where all is well. */
interface Checked<C extends Contract> {
  readonly failures?: readonly CheckFailure[];
  /** Inputs that the check filled in, or removed where undefined; the others stay as they are given. */
  readonly inputs?: Partial<GivenInputs<C>>;
}

/** What a plan shows of a resource that exists. */
export type Change<C extends Contract> =
  | { readonly change: "none" }
  | { readonly change: "update" }
  | {
      readonly change: "replace";
      readonly because: readonly (keyof Inputs<C> & string)[];
      /** Whether the old one goes before the new one comes. @default false */
      readonly deleteFirst?: boolean;
    };

/**
 * The operations on one kind of custom resource. Every argument is parsed already. They keep nothing
 * between calls, but through `context.once` what holds for one run.
 */
export interface Provider<C extends Contract> {
  /** What is wrong with inputs beyond their schema. @param before the inputs of the last deployment, as far as they can be read; undefined for a new resource */
  check?(
    wanted: Planned<C>,
    before: Partial<Inputs<C>> | undefined,
    context: ProviderContext,
  ): Promise<Checked<C>>;
  diff(state: State<C>, wanted: Planned<C>, context: ProviderContext): Promise<Change<C>>;
  /** @throws {PartialFailure} where it worked in part */
  create(wanted: Inputs<C>, context: ProviderContext): Promise<{ id: string; state: KeptState<C> }>;
  /** What is there now. Without it a refresh takes the state as it is. */
  read?(id: string, state: State<C>, context: ProviderContext): Promise<KeptState<C> | "gone">;
  /** @throws {PartialFailure} where it worked in part */
  update?(id: string, state: State<C>, wanted: Inputs<C>, context: ProviderContext): Promise<KeptState<C>>;
  delete?(id: string, state: State<C>, context: ProviderContext): Promise<void>;
}

/**
 * A create or update that worked in part: the engine saves the ID and the state, reports the reasons, and
 * asks for an update in the next run, which then continues.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  readonly id: string;
  readonly properties: object;
  readonly reasons: string[];

  constructor(id: string, properties: object, reasons: string[]) {
    super(reasons.join("\n"));
    this.id = id;
    this.properties = properties;
    this.reasons = reasons;
  }
}
