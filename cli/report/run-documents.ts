import { z } from "zod";
import { type Difference, type StackDrift, whatDiffers } from "../../plan/drift/drift.ts";
import type { MapDeployment, MapDifference, MapDrift, MapStack } from "../../plan/map/map-file.ts";
import { deployedStack } from "../../plan/notification/notification.ts";
import { plainId, plainIdOfLabel } from "./stack/plain-id.ts";
import { instantOf } from "./stack/stack-state.ts";

/** What `lectern deploy --json` prints, as far as a map needs it. */
export const deployDocument = z.object({
  stacks: z.array(
    deployedStack.extend({
      seconds: z.number(),
      ended: z.iso.datetime().optional(),
      changes: z.record(z.string(), z.number()),
    }),
  ),
});
export type DeployDocument = z.infer<typeof deployDocument>;

const difference = z.object({
  thing: z.string(),
  change: z.enum(["gone", "changed", "removed", "added"]),
  object: z.string().optional(),
  field: z.string().optional(),
  detail: z.string().optional(),
  manager: z.string().optional(),
  time: z.string().optional(),
  fate: z.enum(["undone", "refresh", "held", "accepted"]),
  reason: z.string().optional(),
}) satisfies z.ZodType<Difference>;

/** What `lectern drift --json` prints. */
export const driftDocument = z.object({
  begun: z.iso.datetime(),
  stacks: z.array(
    z.object({
      stack: z.string(),
      environment: z.string(),
      state: z.enum(["clean", "drift", "failed"]),
      differences: z.array(difference),
      errors: z.array(z.string()),
    }) satisfies z.ZodType<Omit<StackDrift, "seconds">>,
  ),
});
export type DriftDocument = z.infer<typeof driftDocument>;

/** The stacks with the drift of a run. */
export function withDrift(stacks: readonly MapStack[], { begun, stacks: found }: DriftDocument): MapStack[] {
  return joined(stacks, found, (stack, { state, errors, differences }) => {
    const ids = new Map((stack.outputs?.things ?? []).map(({ id }) => [plainId(id), id]));
    const drift: MapDrift = {
      at: begun,
      state,
      errors,
      differences: differences.map((one) => differenceOf(one, ids)),
    };
    return { ...stack, drift };
  });
}

function differenceOf(one: Difference, ids: ReadonlyMap<string, string>): MapDifference {
  const { thing, fate, manager, time, reason } = one;
  const plain = plainIdOfLabel(thing);
  return {
    thing: (plain === undefined ? undefined : (ids.get(plain) ?? plain)) ?? thing,
    what: whatDiffers(one),
    fate,
    ...(manager === undefined ? {} : { by: manager }),
    ...(time === undefined ? {} : { at: time }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The stacks with what a deployment did, at the update of their history that it is. */
export function withDeployed(stacks: readonly MapStack[], { stacks: found }: DeployDocument): MapStack[] {
  return joined(stacks, found, (stack, one) => {
    const at = instantOf(one.ended);
    if (at === undefined) return stack;
    const [begun = at] = [instantOf(new Date(Date.parse(at) - one.seconds * 1000).toISOString())];
    const own = stack.history.filter((update) => isWithin(update, begun, at));
    const known = own.length === 1 ? own[0] : undefined;
    const told: MapDeployment = {
      ...{ at, begun, kind: "update", counts: one.changes, changes: one.live },
      result: one.state === "deployed" ? "succeeded" : "failed",
    };
    const history = known
      ? stack.history.map((update) => (update === known ? withLive(update, one.live) : update))
      : [told, ...stack.history];
    return { ...stack, history };
  });
}

/** Things that are known already by versions and digests stay as they are. */
function withLive(update: MapDeployment, live: DeployDocument["stacks"][number]["live"]): MapDeployment {
  const known = new Set(update.changes.map(({ id }) => id));
  return {
    ...update,
    changes: [...update.changes, ...live.filter(({ id }) => id === undefined || !known.has(id))],
  };
}

/** A backend may have a clock of its own, and a history in whole seconds. Updates of one stack follow each other. */
const SLACK = 60_000;

const isWithin = ({ kind, at, begun = at }: MapDeployment, from: string, to: string) =>
  kind === "update" &&
  Date.parse(begun) >= Date.parse(from) - SLACK &&
  Date.parse(at) <= Date.parse(to) + SLACK;

/** Stacks of which a document tells something; one that was not read is there by what is told of it. */
function joined<Told extends { readonly stack: string; readonly environment: string }>(
  stacks: readonly MapStack[],
  told: readonly Told[],
  join: (stack: MapStack, told: Told) => MapStack,
): MapStack[] {
  const byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  for (const one of told) {
    const { stack, environment } = one;
    byName.set(stack, join(byName.get(stack) ?? { stack, environment, history: [] }, one));
  }
  return [...byName.values()];
}
