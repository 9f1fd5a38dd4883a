import { isDeepStrictEqual } from "node:util";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { sortedKeys } from "../../components/json.ts";
import type { HubOutput } from "../outputs/outputs.ts";
import { type Gate, type Hold, isHeld } from "../promotion/gate.ts";
import type { Parts } from "../promotion/hub-parts.ts";
import type { HubPlanArgs } from "./hubs-args.ts";
import type { ReleasePlan } from "./release/release-plan.ts";
import { isRolledBack, keptDeployment, rolledBack } from "./release/rollback.ts";

/**
 * The hold of a hub that an event freezes: also what was edited in its cluster stays, and its health is not checked
 * again. A hub that is not deployed yet disturbs nobody.
 * @returns undefined where nothing freezes it, or a person goes on
 * @throws {LecternError} where what it would be rolled back to is not known
 */
export async function frozenHub(
  hub: HubDeclaration,
  plan: ReleasePlan,
  support: ReleasePlan | undefined,
  args: Pick<HubPlanArgs, "freeze" | "policy" | "before" | "reader">,
): Promise<Hold | undefined> {
  const { freeze, policy, before, reader } = args;
  const by = freeze.frozen.hubs.get(hub.id);
  // A person's `hold` says more than the calendar.
  if (!by || !before.hubs.has(hub.id) || hub.hold) return undefined;
  const kept = before.hubDeployments.get(hub.id);
  const wanted = isRolledBack(hub) ? await rolledBack(hub, plan, kept, reader) : plan;
  const proven: Gate<Parts> =
    isRolledBack(hub) || hub.retire
      ? { use: wanted.parts }
      : await policy.hub({ hub, parts: plan.parts, support: support?.parts });
  const differs = isChanged(hub, wanted, before.hubs.get(hub.id), kept);
  const gate = freeze.decide(`hub/${hub.id}`, by, proven, { deployed: true, differs });
  // What staging does not prove is held all the same.
  return isHeld(gate) ? gate : undefined;
}

/** Whether a hub differs from what is deployed; its secret values count where the last healthy deployment kept them. */
function isChanged(
  hub: HubDeclaration,
  { parts, values }: ReleasePlan,
  last: HubOutput | undefined,
  kept: string | undefined,
): boolean {
  if (hub.retire !== (last?.retired === true)) return true;
  if (!isDeepStrictEqual({ ...parts }, { ...last?.parts })) return true;
  const healthy = keptDeployment(kept);
  // Images of the catalog are in it in the place of their names, and are compared as parts.
  const hasImages = Object.keys(parts).some((name) => name.startsWith("images/"));
  if (!healthy || hasImages || !isDeepStrictEqual({ ...healthy.parts }, { ...parts })) return false;
  return JSON.stringify(sortedKeys(healthy.values)) !== JSON.stringify(sortedKeys(values));
}
