import { z } from "zod";
import type { JsonObject } from "../../../components/json.ts";

const stored = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

/** What `pulumi stack export` prints, as far as it is looked at; the rest stays as it is. */
export const exportedState = z.looseObject({
  deployment: z.looseObject({ resources: z.array(stored).optional() }),
});
export type ExportedState = z.output<typeof exportedState>;

/** The states of the stack that a cluster leaves, and of its own. */
export interface BothStates {
  readonly source: ExportedState;
  readonly target: ExportedState;
}

export type Stored = z.output<typeof stored>;

/** The stack itself, which is the parent of what has no other. */
export const ROOT = "pulumi:pulumi:Stack";

export const resourcesOf = ({ deployment }: ExportedState): readonly Stored[] => deployment.resources ?? [];
export const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** The same resource in any stack: its type and name. */
export const identityOf = (urn: string) => urn.split("::").slice(2).join("::");

/** What the resources of a provider name it by. */
export const referenceTo = ({ urn, id = "" }: Stored) => `${urn}::${id}`;

/** A state with other resources. */
export const withResources = (state: ExportedState, resources: Stored[]): ExportedState => ({
  ...state,
  deployment: { ...state.deployment, resources },
});

/** A state without some of its resources. */
export function withoutResources(state: ExportedState, urns: readonly string[]): ExportedState {
  const gone = new Set(urns);
  const resources = resourcesOf(state).filter(({ urn }) => !gone.has(urn));
  return withResources(state, resources);
}

export const rootOf = (state: ExportedState): Stored | undefined =>
  resourcesOf(state).find(({ type }) => type === ROOT);

export const rootOutputs = (state: ExportedState): JsonObject => rootOf(state)?.outputs ?? {};

/** A state with other outputs of its stack. */
export function withOutputs(state: ExportedState, outputs: JsonObject): ExportedState {
  const resources = resourcesOf(state).map((one) => (one.type === ROOT ? { ...one, outputs } : one));
  return withResources(state, resources);
}
