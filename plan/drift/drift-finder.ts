import { z } from "zod";
import { type Accepted, acceptedBy } from "../../components/hub/drift/comparison/accepted.ts";
import { NOT_LOOKED_FOR, releaseDriftContract } from "../../components/hub/drift/release-drift-contract.ts";
import { labelOf } from "../label.ts";
import type { Difference } from "./drift.ts";
import { type Found, foundIn, isLookedAt, isRelease, type SeenState } from "./found.ts";

/** What an event of the engine tells of a resource. */
interface SeenStep {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: SeenState;
  readonly new?: SeenState;
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string }>>;
}

/** An event of the engine, as far as drift can be told from it. */
export interface SeenEvent {
  readonly resourcePreEvent?: { readonly metadata: SeenStep };
  readonly resOutputsEvent?: { readonly metadata: SeenStep };
  readonly diagnosticEvent?: { readonly message: string };
}

/** A resource that a refresh found otherwise than it was deployed. */
interface Refreshed {
  readonly step: SeenStep;
  readonly found: readonly Found[];
  /** The rules of the last deployment, for a program that doesn't get to the resource. */
  readonly rules: Rules;
}

/** What a preview plans for a resource. */
interface Planned {
  readonly op: string;
  readonly rules: Rules | undefined;
}

/** What a hub says of edits. */
interface Rules {
  readonly accept: readonly Accepted[];
  readonly held: boolean;
}

/**
 * Finds what differs from what was deployed, from the events of a preview that refreshes: what the refresh reads of
 * each resource, then what the program plans for it. States are compared, and not kept.
 */
export class DriftFinder {
  readonly #refreshing = new Set<string>();
  readonly #refreshed: Refreshed[] = [];
  readonly #planned = new Map<string, Planned>();
  readonly #notLookedFor = new Set<string>();

  note({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: SeenEvent): void {
    if (resourcePreEvent) this.#begin(resourcePreEvent.metadata);
    if (resOutputsEvent) this.#end(resOutputsEvent.metadata);
    const at = diagnosticEvent?.message.indexOf(NOT_LOOKED_FOR) ?? -1;
    if (diagnosticEvent && at >= 0) this.#notLookedFor.add(diagnosticEvent.message.trim());
  }

  #begin(step: SeenStep): void {
    if (step.op === "refresh") this.#refreshing.add(step.urn);
    else this.#planned.set(step.urn, { op: step.op, rules: step.new && rulesOf(step, step.new) });
  }

  #end(step: SeenStep): void {
    // The engine calls what a refresh found an update or a deletion in some commands, and a refresh in others.
    if (!this.#refreshing.delete(step.urn) || step.old === undefined) return;
    const found = foundIn(step.type, step.old, step.new, step.detailedDiff ?? {});
    if (found.length > 0) this.#refreshed.push({ step, found, rules: rulesOf(step, step.old) ?? NO_RULES });
  }

  /** In the order of their things' names. */
  get differences(): Difference[] {
    return this.#refreshed
      .flatMap(({ step, found, rules }) => {
        const planned = this.#planned.get(step.urn);
        const { urn, type, old } = step;
        const name = urn.split("::").slice(3).join("::");
        const thing = labelOf({ type, name, ...(old?.parent ? { parent: old.parent } : {}) });
        return found.map((one) => ({ thing, ...one, ...fateOf(one, step.type, planned, rules) }));
      })
      .sort((a, b) => (a.thing < b.thing ? -1 : a.thing > b.thing ? 1 : 0));
  }

  /** What the preview could not look at, as it was reported. */
  get notLookedFor(): string[] {
    return [...this.#notLookedFor];
  }
}

const NO_RULES: Rules = { accept: [], held: false };

const { accept, held } = releaseDriftContract.inputs.shape;
const rulesSchema = z.object({ accept, held });

const rulesOf = ({ type }: SeenStep, { inputs }: SeenState): Rules | undefined =>
  isRelease(type) ? rulesSchema.safeParse(inputs).data : undefined;

function fateOf(
  found: Found,
  type: string,
  planned: Planned | undefined,
  before: Rules,
): Pick<Difference, "fate" | "reason"> {
  if (!isRelease(type)) {
    if (planned?.op === "same") return { fate: "held" };
    return { fate: isLookedAt(type) ? "undone" : "refresh" };
  }
  const rules = planned?.rules ?? before;
  const accepted = acceptedBy({ object: found.object ?? "", field: found.field }, rules.accept);
  if (accepted) return { fate: "accepted", reason: accepted.reason };
  return { fate: rules.held ? "held" : "undone" };
}
