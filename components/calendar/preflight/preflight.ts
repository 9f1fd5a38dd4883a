import type { NodeGroup } from "../../cluster/node-groups/node-groups.ts";
import type { Amounts } from "../../cluster/node-groups/quantity.ts";
import { fitting, forServers } from "../../cluster/node-groups/shares.ts";
import { examSettings } from "../../hub/profiles/server-pod/exam-profiles.ts";
import { takenBy } from "../../hub/profiles/server-pod/sizes.ts";
import type { JsonObject } from "../../json.ts";
import type { Occurrence } from "../occurrence.ts";

/** An event, and where its people's servers start. */
export interface PlannedServers {
  readonly occurrence: Occurrence;
  /** The slug of their profile; undefined where the cluster has none. */
  readonly profile?: string;
  /** What the hub and its profile set for them, as `kubespawner_override` does. */
  readonly settings: JsonObject;
  /** The node groups of its profile, in their order; none means that any node will do. */
  readonly groups: readonly NodeGroup[];
  /** Why other settings may count, as a sentence without its full stop. */
  readonly unknown?: string;
}

/** What a node group has for an event. */
export interface GroupCapacity {
  readonly group: string;
  /** How many servers of the profile a node takes; undefined where it is not known. */
  readonly perNode?: number;
  /** How many nodes there may be for it, without those of events at the same time; undefined where it is not known. */
  readonly nodes?: number;
}

/** Whether a cluster can hold the people of an event. */
export interface Preflight {
  readonly occurrence: Occurrence;
  /** The slug of the profile that is counted. */
  readonly profile?: string;
  readonly groups: readonly GroupCapacity[];
  /** How many people have a place; undefined where it is not known, for the reason in `unknown`. */
  readonly places?: number;
  /** What is missing to know it, as a sentence without its full stop. */
  readonly unknown?: string;
}

/**
 * Whether clusters can hold the people of events, by node group. Events of the same cluster at the same time share nodes.
 * @param planned the events of one cluster
 */
export function preflight(planned: readonly PlannedServers[]): Preflight[] {
  return planned.map((one) => {
    const { occurrence, profile, groups } = one;
    const about = { occurrence, ...(profile === undefined ? {} : { profile }) };
    const takes = takenIn(one);
    const known = groups.map((group) => capacityOf(group, takes, nodesOfOthers(group, one, planned)));
    const unknown = one.unknown ?? missingIn(one, takes, known) ?? unknownBeside(one, planned);
    if (unknown !== undefined) return { ...about, groups: known, unknown };
    const places = known.reduce((sum, { perNode = 0, nodes = 0 }) => sum + perNode * nodes, 0);
    return { ...about, groups: known, places };
  });
}

/** What a server of an event takes of its node: in an exam, all that it may. */
const takenIn = ({ occurrence, settings }: Pick<PlannedServers, "occurrence" | "settings">): Amounts =>
  takenBy(occurrence.kind === "exam" ? examSettings(settings) : settings);

function capacityOf(group: NodeGroup, takes: Amounts, others: number): GroupCapacity {
  const has = forServers(group);
  const perNode = has && fitting(takes, has);
  const { max_nodes: most } = group;
  return {
    group: group.slug,
    ...(perNode === undefined ? {} : { perNode }),
    ...(most === undefined ? {} : { nodes: Math.max(0, most - others) }),
  };
}

/** Events at the same time that need nodes of a group: of those that may use several groups, of the first. */
function othersOn(
  group: NodeGroup,
  one: PlannedServers,
  planned: readonly PlannedServers[],
): PlannedServers[] {
  const { start, end } = one.occurrence;
  return planned.filter(
    (other) =>
      other !== one &&
      other.groups[0]?.slug === group.slug &&
      other.occurrence.start < end &&
      start < other.occurrence.end,
  );
}

function unknownBeside(one: PlannedServers, planned: readonly PlannedServers[]): string | undefined {
  const others = one.groups.flatMap((group) => othersOn(group, one, planned));
  return others.find(({ unknown }) => unknown !== undefined)?.unknown;
}

function nodesOfOthers(group: NodeGroup, one: PlannedServers, planned: readonly PlannedServers[]): number {
  return othersOn(group, one, planned).reduce((sum, other) => {
    const has = forServers(group);
    const perNode = has && fitting(takenIn(other), has);
    return sum + (perNode ? Math.ceil(other.occurrence.people / perNode) : 0);
  }, 0);
}

function missingIn(
  { profile = "", groups }: PlannedServers,
  takes: Amounts,
  known: readonly GroupCapacity[],
): string | undefined {
  if (groups.length === 0) return `the profile ${profile} names no node group in profiles.yaml`;
  if (Object.keys(takes).length === 0)
    return `the profile ${profile} sets no memory and no cores in profiles.yaml`;
  const without = groups.find(({ capacity }) => capacity === undefined);
  if (without) return `node-groups.json lacks the capacity of ${without.slug}`;
  const endless = known.find(({ perNode }) => perNode === undefined);
  if (endless) return `node-groups.json lacks, of ${endless.group}, what the profile ${profile} takes`;
  const unlimited = known.find(({ nodes }) => nodes === undefined);
  return unlimited && `node-groups.json lacks max_nodes of ${unlimited.group}`;
}

/** The same for people, a line each: `✓ 2026-10-05 09:15 Algebra: 300 people, 25 on each of 12 nodes of standard`. */
export function preflightLine({ occurrence, groups, places, unknown }: Preflight): string {
  const { people } = occurrence;
  if (unknown !== undefined || places === undefined)
    return `${people} people: it is not known whether they fit, as ${unknown}`;
  const where = groups.map(
    ({ group, perNode = 0, nodes = 0 }) =>
      `${perNode} on each of ${nodes} ${nodes === 1 ? "node" : "nodes"} of ${group}`,
  );
  const text = `${people} people, and places for ${places}: ${where.join(", ")}`;
  const without = people - places;
  if (without <= 0) return text;
  return `${text}; ${without === 1 ? "1 person has" : `${without} people have`} no place`;
}
