import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { HubOutput, SupportOutput } from "../outputs/outputs.ts";
import type { Gate } from "./gate.ts";
import type { Parts } from "./hub-parts.ts";
import { differenceOf } from "./hub-parts.ts";

/** What staging's outputs tell of the hubs of a cluster. */
export interface ProvenHubs {
  /** By `<cluster>/<hub>`. */
  readonly hubs: ReadonlyMap<string, HubOutput | undefined>;
  /** By cluster. */
  readonly support: ReadonlyMap<string, SupportOutput | undefined>;
}

/** Why a hub is held that a person pinned. */
export const HELD_BY_FILE = "cluster.yaml says `hold: true`";

/** What is to be deployed of a hub and of its cluster's support. */
export interface WantedHub {
  readonly hub: Pick<HubDeclaration, "id" | "cluster" | "provenBy" | "differs" | "hold">;
  readonly parts: Parts;
  /** Undefined where the cluster has no support. */
  readonly support: Parts | undefined;
}

/**
 * A production hub changes only where the cluster's support and the hubs that prove it are healthy, each with
 * the very chart, shared files, profiles and images that this one would get. What is missing or can't be read
 * proves nothing.
 */
export function hubGate(wanted: WantedHub, proven: ProvenHubs, deployed: boolean): Gate<Parts> {
  const hold = wanted.hub.hold ? HELD_BY_FILE : reasonToHold(wanted, proven);
  return hold === undefined ? { use: wanted.parts } : { hold, deployed };
}

function reasonToHold({ hub, parts, support }: WantedHub, proven: ProvenHubs): string | undefined {
  return (
    (support && supportReason(support, hub.cluster, proven)) ??
    hub.provenBy
      .map((id) => stagingReason(id, parts, hub.differs, proven))
      .find((reason) => reason !== undefined)
  );
}

function supportReason(wanted: Parts, cluster: string, { support }: ProvenHubs): string | undefined {
  const deployed = support.get(cluster);
  if (!deployed) return `staging has not deployed the support of ${cluster} yet`;
  if (!deployed.healthy) return `the last deployment of the support of ${cluster} failed`;
  const different = differenceOf(wanted, deployed.parts, []);
  return different && `staging has deployed the support of ${cluster} with another ${different}`;
}

function stagingReason(
  id: string,
  wanted: Parts,
  differs: readonly string[],
  { hubs }: ProvenHubs,
): string | undefined {
  const staging = hubs.get(id);
  if (!staging) return `staging has not deployed the hub ${id} yet`;
  if (!staging.healthy) return `the staging hub ${id} is not healthy`;
  const different = differenceOf(wanted, staging.parts, differs);
  return (
    different &&
    `the staging hub ${id} is healthy with another ${different}; deploy staging from this commit first`
  );
}
