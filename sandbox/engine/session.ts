import pLimit, { type LimitFunction } from "p-limit";
import type { Step, StepOp } from "../../plan/model.ts";
import type { Gate } from "./gate.ts";
import type { Providers } from "./provider/providers.ts";
import type { Reporter } from "./reporter.ts";
import type { Journal } from "./state/journal.ts";
import type { Targets } from "./targets.ts";
import { nameOf, typeOf } from "./value/urn.ts";
import { changedPaths, type PropertyMap } from "./value/values.ts";

const DEFAULT_PARALLEL = 16;

/** What the parts of one run share. */
export interface Session {
  readonly project: string;
  readonly stack: string;
  /** Nothing may be changed anywhere. */
  readonly dryRun: boolean;
  readonly journal: Journal;
  readonly providers: Providers;
  readonly reporter: Reporter;
  readonly gate: Gate;
  readonly targets: Targets;
  /** Lets so many provider calls run at once. */
  readonly limit: LimitFunction;
  /** The last outputs of a stack of the same state folder. */
  readonly stackOutputs: (stack: string) => Promise<PropertyMap>;
}

export function limiter(parallel: number | undefined): LimitFunction {
  return pLimit(Math.max(1, parallel ?? DEFAULT_PARALLEL));
}

/** A step on a resource, as it is reported. */
export function report(
  op: StepOp,
  state: { urn: string; parent?: string; inputs?: PropertyMap },
  old?: { inputs?: PropertyMap },
): Step {
  return {
    op,
    urn: state.urn,
    type: typeOf(state.urn),
    name: nameOf(state.urn),
    ...(state.parent ? { parent: state.parent } : {}),
    changed: old ? changedPaths(old.inputs ?? {}, state.inputs ?? {}) : [],
  };
}

/** What an error says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
