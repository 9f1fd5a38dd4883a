import { z } from "zod";
import type { KubernetesObject } from "../api/kubernetes-object.ts";
import type { ReleaseName } from "../record/release-history.ts";

/** Seconds after which a Lease that nobody renews is free. */
export const LEASE_SECONDS = 30;

/** What was begun and no run has seen through yet: a first installation, or an upgrade. */
const BEGUN = "lectern.dev/begun";

const spec = z
  .looseObject({
    holderIdentity: z.string().nullish(),
    leaseDurationSeconds: z.number().nullish(),
    acquireTime: z.string().nullish(),
    renewTime: z.string().nullish(),
    leaseTransitions: z.number().nullish(),
  })
  .catch({});

export const leaseReference = ({ namespace, release }: ReleaseName) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: `lectern-${release}`, namespace },
});

/** What a Lease says. */
export interface LeaseFacts {
  /** Undefined where it is free. */
  readonly holder: string | undefined;
  readonly since: string | undefined;
  /** Changes with each renewal. It is compared for equality alone, as clocks differ between machines. */
  readonly renewal: string;
  readonly milliseconds: number;
  /** What a run began and did not see through, as it failed, was killed or is at it. */
  readonly begun: "install" | "upgrade" | undefined;
}

export function leaseFacts(lease: KubernetesObject): LeaseFacts {
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime } = spec.parse(lease["spec"]);
  const begun = lease.metadata.annotations?.[BEGUN];
  return {
    holder: holderIdentity ? holderIdentity : undefined,
    since: acquireTime ?? undefined,
    renewal: `${holderIdentity} ${renewTime}`,
    milliseconds: 1000 * (leaseDurationSeconds ?? LEASE_SECONDS),
    begun: begun === "install" || begun === undefined ? begun : "upgrade",
  };
}

/** A Lease that is held from now on. @param lease the one that is free or was lost; undefined where there is none */
export function takenLease(
  name: ReleaseName,
  lease: KubernetesObject | undefined,
  holder: string,
  now: number,
): KubernetesObject {
  const time = microTime(now);
  const { leaseTransitions } = spec.parse(lease?.["spec"]);
  return {
    ...(lease ?? leaseReference(name)),
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: time,
      renewTime: time,
      leaseTransitions: lease === undefined ? 0 : (leaseTransitions ?? 0) + 1,
    },
  };
}

export function renewedLease(lease: KubernetesObject, now: number): KubernetesObject {
  return { ...lease, spec: { ...spec.parse(lease["spec"]), renewTime: microTime(now) } };
}

/** A Lease that nobody holds. */
export function freedLease(lease: KubernetesObject): KubernetesObject {
  const { holderIdentity: _holder, acquireTime: _since, ...rest } = spec.parse(lease["spec"]);
  return { ...lease, spec: rest };
}

/** A Lease that says what was begun; undefined where it was seen through. */
export function withBegun(lease: KubernetesObject, begun: LeaseFacts["begun"]): KubernetesObject {
  const { [BEGUN]: _begun, ...others } = lease.metadata.annotations ?? {};
  const annotations = begun === undefined ? others : { ...others, [BEGUN]: begun };
  return { ...lease, metadata: { ...lease.metadata, annotations } };
}

/** A time as Leases keep it, to the microsecond. */
const microTime = (now: number) => new Date(now).toISOString().replace(/Z$/, "000Z");
