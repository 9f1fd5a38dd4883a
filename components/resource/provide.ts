import { z } from "zod";
import { LecternError } from "../problem/problem.ts";
import { jsonPath } from "../problem/zod.ts";
import type { ProviderContext } from "./context/context.ts";
import { type Contract, type Inputs, type Planned, type State, UNKNOWN } from "./contract.ts";
import { type CheckFailure, PartialFailure, type Provider } from "./provider.ts";
import { hasUnknown, isUnknownAt } from "./unknown.ts";

/** What the engine hands over and keeps: plain JSON, and in a preview unknowns. */
export type Properties = Readonly<Record<string, unknown>>;

/** A kind's operations as the SDK's dynamic provider calls them: on plain JSON. */
export interface BoundProvider {
  check(
    olds: Properties,
    news: Properties,
    context: ProviderContext,
  ): Promise<{ inputs: Properties; failures: readonly CheckFailure[] }>;
  /** Always says whether there are changes: without it the engine compares inputs by itself. */
  diff(
    id: string,
    olds: Properties,
    news: Properties,
    context: ProviderContext,
  ): Promise<{ changes: boolean; replaces?: readonly string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: Properties, context: ProviderContext): Promise<{ id: string; outs: Properties }>;
  /** An empty ID says that the resource is gone. */
  read(id: string, props: Properties, context: ProviderContext): Promise<{ id: string; props?: Properties }>;
  update(
    id: string,
    olds: Properties,
    news: Properties,
    context: ProviderContext,
  ): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties, context: ProviderContext): Promise<void>;
}

/**
 * A kind's provider at the engine's edge: the one place where inputs and kept state are parsed, unknowns
 * told from values, and results made fit for the engine's wire.
 */
export function provide<C extends Contract>(contract: C, provider: Provider<C>): BoundProvider {
  return {
    async check(olds, news, context) {
      const failures = schemaFailures(contract.inputs, news);
      if (failures.length > 0 || !provider.check) return { inputs: news, failures };
      const before = Object.keys(olds).length === 0 ? undefined : readable(contract, olds);
      const checked = await provider.check(planned(contract, news), before, context);
      return { inputs: filledIn(news, checked.inputs ?? {}), failures: checked.failures ?? [] };
    },

    async diff(_id, olds, news, context) {
      const change = await provider.diff(stateOf(contract, olds), planned(contract, news), context);
      if (change.change === "none") return { changes: false };
      if (change.change === "update") return { changes: true };
      return {
        changes: true,
        replaces: change.because,
        ...(change.deleteFirst ? { deleteBeforeReplace: true } : {}),
      };
    },

    async create(inputs, context) {
      const { id, state } = await forEngine(() => provider.create(inputsOf(contract, inputs), context));
      return { id, outs: forWire(state) };
    },

    async read(id, props, context) {
      const known = contract.state.safeParse(props);
      // An import knows no state yet, and there is nothing to look for.
      if (!provider.read || !known.success) return { id, props };
      const seen = await provider.read(id, known.data as State<C>, context);
      if (seen === "gone") return { id: "" };
      // What earlier versions kept beside the state stays, as in a run that changes nothing: it is no drift.
      return { id, props: { ...besides(contract, props), ...forWire(seen) } };
    },

    async update(id, olds, news, context) {
      if (!provider.update) throw new Error(`a resource of the kind ${contract.kind} can't be updated`);
      const update = provider.update.bind(provider);
      const wanted = inputsOf(contract, news);
      return { outs: forWire(await forEngine(() => update(id, stateOf(contract, olds), wanted, context))) };
    },

    async delete(id, props, context) {
      await provider.delete?.(id, stateOf(contract, props), context);
      context.noteDeleted(id);
    },
  };
}

/** What a check fills in, which removes an input where it is undefined. */
function filledIn(news: Properties, filled: Properties): Properties {
  const kept = Object.entries(news).filter(([key]) => !(key in filled));
  return { ...Object.fromEntries(kept), ...forWire(filled) };
}

function schemaFailures(schema: z.ZodObject, news: Properties): CheckFailure[] {
  // A rule over several inputs can't be judged where one of them is not known yet.
  const issues = hasUnknown(news) ? issuesByInput(schema, news) : schema.safeParse(news).error?.issues;
  return (issues ?? [])
    .filter(({ path }) => !isUnknownAt(news, path))
    .map(({ path, message }) => ({ property: path.map(String).join(".") || "inputs", reason: message }));
}

function issuesByInput({ shape }: z.ZodObject, news: Properties) {
  return Object.entries(shape).flatMap(([key, schema]) =>
    (z.safeParse(schema, news[key]).error?.issues ?? []).map(({ path, message }) => ({
      path: [key, ...path],
      message,
    })),
  );
}

/** Each input parsed by itself where something is unknown: a rule over several can't be judged then. */
function planned<C extends Contract>(contract: C, news: Properties): Planned<C> {
  const whole = contract.inputs.safeParse(news);
  const entries = Object.entries(contract.inputs.shape).map(([key, schema]) => {
    if (hasUnknown(news[key])) return [key, UNKNOWN];
    if (whole.success) return [key, whole.data[key]];
    const one = z.safeParse(schema, news[key]);
    // What the check accepted parses; a stack that holds a resource as it was may bring anything.
    return [key, one.success ? one.data : news[key]];
  });
  return withoutUndefined(Object.fromEntries(entries)) as Planned<C>;
}

/** The inputs of an earlier run, as far as today's schema reads them. */
function readable<C extends Contract>(contract: C, olds: Properties): Partial<Inputs<C>> {
  const entries = Object.entries(contract.inputs.shape).flatMap(([key, schema]) => {
    const one = z.safeParse(schema, olds[key]);
    return one.success ? [[key, one.data]] : [];
  });
  return withoutUndefined(Object.fromEntries(entries)) as Partial<Inputs<C>>;
}

const inputsOf = <C extends Contract>(contract: C, inputs: Properties) =>
  contract.inputs.parse(inputs) as Inputs<C>;

function stateOf<C extends Contract>({ kind, state }: C, props: Properties): State<C> {
  const parsed = state.safeParse(props);
  if (parsed.success) return parsed.data as State<C>;
  const fields = parsed.error.issues.map(({ path, message }) => `${jsonPath(path)}: ${message}`).join("; ");
  throw new LecternError({
    code: "unreadable-state",
    severity: "error",
    message: `the state of this ${kind} can't be read (${fields})`,
    remedy:
      "It was written by a newer version of Lectern or edited by hand: use that version, or restore the state from a backup",
  });
}

/** What the engine keeps that is not of the state, such as what an earlier version wrote. */
const besides = ({ state }: Contract, props: Properties): Properties =>
  Object.fromEntries(Object.entries(props).filter(([key]) => !(key in state.shape)));

/** The engine saves what a partial failure knows: it has to be fit for the wire, too. */
async function forEngine<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw new PartialFailure(error.id, forWire(error.properties), error.reasons);
  }
}

/** The engine's wire has no undefined. */
const forWire = (state: object): Properties => withoutUndefined({ ...state });

function withoutUndefined(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, definedIn(value)]),
  );
}

function definedIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(definedIn);
  return isPlain(value) ? withoutUndefined(value) : value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
