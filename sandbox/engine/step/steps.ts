import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { PartialFailure } from "../../../components/resource/provider.ts";
import type { Step } from "../../../plan/model.ts";
import type { Adapter, AdapterResource } from "../provider/adapter.ts";
import { messageOf, report, type Session } from "../session.ts";
import type { ResourceState } from "../state/deployment.ts";
import { isProviderType, nameOf } from "../value/urn.ts";
import {
  identical,
  keepSecrets,
  mask,
  type PropertyMap,
  reveal,
  UNKNOWN,
  withSecretOutputs,
} from "../value/values.ts";

/** A step that failed; it was reported. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** A resource as an adapter sees it. */
export function adapterResource(session: Session, state: ResourceState): AdapterResource {
  return {
    urn: state.urn,
    type: state.type,
    name: nameOf(state.urn),
    provider: session.providers.inputs(state.provider),
    shown: mask(state.inputs ?? {}),
    preview: session.dryRun,
    progress: (message, urn = state.urn) => session.reporter.progress(message, urn),
  };
}

/**
 * Keeps a resource unchanged, with what the program now registers. The state is not written where nothing
 * is new.
 */
export async function same(
  session: Session,
  wanted: ResourceState,
  old: ResourceState,
): Promise<ResourceState> {
  const done = session.reporter.begin(report("same", wanted));
  const { id, outputs, initErrors } = old;
  const inputs = identical(wanted.inputs ?? {}, old.inputs ?? {}) ? old.inputs : wanted.inputs;
  const merged = {
    ...wanted,
    ...(inputs ? { inputs } : {}),
    ...(id ? { id } : {}),
    ...(outputs ? { outputs } : {}),
    ...(initErrors ? { initErrors } : {}),
  };
  const { aliases: _, ...known } = old;
  const state = isDeepStrictEqual(merged, known) && old.urn === wanted.urn ? old : merged;
  await session.journal.put(state, old);
  done();
  return state;
}

/** Creates a resource; with `replaced`, instead of that one, which then waits for its deletion. */
export async function create(
  session: Session,
  wanted: ResourceState,
  replaced?: ResourceState,
  replaces: readonly string[] = [],
): Promise<ResourceState> {
  const step = report(replaced ? "replace" : "create", wanted, replaced);
  const shown = replaced ? { ...step, replaces } : step;
  const stamped = stamp(wanted, true);
  return apply(session, shown, "creating", stamped, {
    preview: { ...stamped, id: UNKNOWN, outputs: wanted.inputs ?? {} },
    act: async (adapter, resource) => {
      const { id, outs } = await adapter.create(resource, reveal(wanted.inputs ?? {}));
      if (id === "") throw new Error("its provider returned no ID");
      return { ...stamped, id, outputs: outs };
    },
    save: async (state) => {
      // Nothing of the old one is left where it was deleted first.
      if (!replaced || replaced.pendingReplacement) await session.journal.put(state, replaced);
      else await session.journal.replace(state, replaced);
    },
  });
}

export async function update(
  session: Session,
  wanted: ResourceState,
  old: ResourceState,
): Promise<ResourceState> {
  const stamped = { ...stamp(wanted, false), ...(old.id ? { id: old.id } : {}) };
  return apply(session, report("update", wanted, old), "updating", stamped, {
    preview: { ...stamped, outputs: wanted.inputs ?? {} },
    act: async (adapter, resource) => {
      const [olds, news] = [reveal(old.outputs ?? {}), reveal(wanted.inputs ?? {})];
      const result = await adapter.update?.(resource, old.id ?? "", olds, news);
      return { ...stamped, outputs: result?.outs ?? news };
    },
    save: (state) => session.journal.put(state, old),
  });
}

interface Action {
  /** What a preview says of the outcome. */
  readonly preview: ResourceState;
  act(adapter: Adapter, resource: AdapterResource): Promise<ResourceState>;
  save(state: ResourceState): Promise<void>;
}

async function apply(
  session: Session,
  step: Step,
  operation: "creating" | "updating",
  wanted: ResourceState,
  action: Action,
): Promise<ResourceState> {
  const done = session.reporter.begin(step);
  if (session.dryRun || !isServed(wanted)) {
    const state = session.dryRun ? preview(wanted, action.preview) : unserved(wanted);
    await action.save(state);
    done();
    return state;
  }
  try {
    const adapter = await session.providers.adapter(wanted.type);
    const resource = adapterResource(session, wanted);
    const made = await session.journal.during(operation, wanted, () => action.act(adapter, resource));
    const state = withOutputs(made, made.outputs ?? {});
    await action.save(state);
    done();
    return state;
  } catch (error) {
    if (error instanceof PartialFailure) {
      const { id, properties, reasons } = error;
      await action.save(withOutputs({ ...wanted, id, initErrors: reasons }, { ...properties }));
      done({ error: messageOf(error) });
    } else {
      await session.journal.flush();
      done({ error: messageOf(error) });
    }
    throw new StepFailed();
  }
}

/** The engine handles components and providers itself. */
export function isServed(state: ResourceState): boolean {
  return state.custom && !isProviderType(state.type);
}

function preview(wanted: ResourceState, custom: ResourceState): ResourceState {
  return wanted.custom ? custom : unserved(wanted);
}

function unserved(wanted: ResourceState): ResourceState {
  if (!wanted.custom) return { ...wanted, outputs: wanted.outputs ?? {} };
  return { ...wanted, id: wanted.id ?? randomUUID(), outputs: wanted.inputs ?? {} };
}

/** The outputs, secret where the inputs are or where the program says so. */
export function withOutputs(state: ResourceState, outputs: PropertyMap): ResourceState {
  const kept = keepSecrets(outputs, state.inputs ?? {});
  return { ...state, outputs: withSecretOutputs(kept, state.additionalSecretOutputs ?? []) };
}

function stamp(state: ResourceState, created: boolean): ResourceState {
  const now = new Date().toISOString();
  return { ...state, ...(created ? { created: now } : {}), modified: now };
}
