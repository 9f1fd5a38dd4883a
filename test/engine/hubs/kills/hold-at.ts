import type { ApiCall, ClusterGate } from "./cluster-gate.ts";
import type { Moment, Request } from "./moments.ts";

const FOREVER = new Promise<void>(() => {});

/** Holds each hub at its moment of the deployment that follows. @returns those that are not held yet */
export function holdAt(
  moments: readonly Moment[],
  gate: ClusterGate,
  health: { onRequest: (hub: string) => Promise<void> | void },
): ReadonlySet<string> {
  const byHub = new Map(moments.map((moment) => [moment.hub, moment]));
  const missing = new Set(byHub.keys());
  const coming = new Set(byHub.keys());
  const others = Promise.withResolvers<void>();
  const arrive = (hub: string) => {
    coming.delete(hub);
    if (coming.size === 0) others.resolve();
  };
  const hold = (hub: string) => {
    missing.delete(hub);
    arrive(hub);
    return FOREVER;
  };
  gate.onCall = async (call, side) => {
    const moment = byHub.get(call.namespace);
    if (moment === undefined) return;
    const { hub, at, waits } = moment;
    if (side === "before" && waits && matches(call, waits)) {
      arrive(hub);
      await others.promise;
    }
    if (at?.side === side && matches(call, at)) await hold(hub);
  };
  health.onRequest = (hub) => {
    const moment = byHub.get(hub);
    if (moment && moment.at === undefined) return hold(hub);
  };
  return missing;
}

const matches = (call: ApiCall, { does, body }: Request) =>
  does.test(call.does) && (body?.test(call.body) ?? true);
