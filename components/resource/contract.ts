import type { z } from "zod";

/**
 * What a kind of custom resource takes, and what the engine keeps of it. From these two schemas come the
 * arguments and outputs of its class ({@link defineResource}) and what its provider is given
 * ({@link provide}), both typed.
 */
export interface Contract<I extends z.ZodObject = z.ZodObject, S extends z.ZodObject = z.ZodObject> {
  /** The last part of its type: `pulumi-nodejs:dynamic/lectern:<kind>`. It never changes. */
  readonly kind: string;
  /** What the program gives. What the provider needs only to act, such as a key, is configuration instead. */
  readonly inputs: I;
  /** What the provider returns for the resource. It also reads what earlier versions kept. */
  readonly state: S;
}

/** Inputs as the program gives them: each a value or an output. */
export type GivenInputs<C extends Contract> = z.input<C["inputs"]>;

/** Inputs as a provider gets them: parsed, defaults filled in. */
export type Inputs<C extends Contract> = z.output<C["inputs"]>;

/** The state as a provider gets it: parsed. */
export type State<C extends Contract> = z.output<C["state"]>;

/** Stands for an input that is not known before `up`, in whole or in part. */
export const UNKNOWN: unique symbol = Symbol("not known before the deployment");
export type Unknown = typeof UNKNOWN;

/** Inputs in a plan: each may be unknown. */
export type Planned<C extends Contract> = { readonly [K in keyof Inputs<C>]: Inputs<C>[K] | Unknown };

/** Inputs of a plan where all are known; undefined where one is not. */
export function knownInputs<I extends object>(
  planned: {
    readonly [K in keyof I]: I[K] | Unknown;
  },
): I | undefined {
  // What is left of the union where no value is unknown.
  return Object.values(planned).includes(UNKNOWN) ? undefined : (planned as I);
}

/** What the state keeps is a value that the provider may still write: given before it is parsed. */
export type KeptState<C extends Contract> = z.input<C["state"]>;
