import { memoryText } from "../../hub/profiles/server-pod/sizes.ts";
import type { NodeGroup } from "./node-groups.ts";
import { type Amounts, parseQuantity } from "./quantity.ts";

/** A part of a node that as many servers can have as the node divides into. */
export interface Share {
  /** How many such servers a node takes: 1 is the whole node. */
  readonly servers: number;
  /** In the units of KubeSpawner's `mem_guarantee`, such as `15G`; undefined where the node's memory is unknown. */
  readonly memory?: string;
  /** Cores, in tenths. */
  readonly cpu?: number;
  /** Whole devices, such as `nvidia.com/gpu`, where each server gets one or more. */
  readonly devices: Amounts;
}

/** Into how many parts a node is divided. */
const PARTS = [1, 2, 4, 8, 16];

/** What the pods of users have of each node of a group: undefined where node-groups.json does not say what nodes have. */
export function forServers({
  capacity,
  reserved = {},
}: Pick<NodeGroup, "capacity" | "reserved">): Amounts | undefined {
  if (capacity === undefined) return undefined;
  const left = Object.entries(capacity).map(([name, amount]) => {
    const taken = parseQuantity(Object.hasOwn(reserved, name) ? reserved[name] : 0) ?? 0;
    return [name, Math.max(0, (parseQuantity(amount) ?? 0) - taken)] as const;
  });
  return Object.fromEntries(left);
}

/** The parts of a node, the whole first, in sizes that people would write; empty where nothing is known of the nodes. */
export function sharesOf(group: Pick<NodeGroup, "capacity" | "reserved">): Share[] {
  const has = forServers(group);
  if (has === undefined) return [];
  return PARTS.flatMap((servers) => {
    const share = shareOf(has, servers);
    return isUseful(share, has) ? [share] : [];
  });
}

/** How many servers with these amounts a node of a group takes; undefined where nothing limits them. */
export function fitting(wanted: Amounts, has: Amounts): number | undefined {
  const limits = Object.entries(wanted).flatMap(([name, amount]) => {
    if (amount <= 0) return [];
    const there = Object.hasOwn(has, name) ? has[name] : undefined;
    // Nothing says what a node has of a core resource that isn't listed; a device that isn't listed is not there.
    if (there === undefined) return name.includes("/") ? [0] : [];
    return [Math.floor(there / amount + TOLERANCE)];
  });
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Cores are floating-point numbers: 0.3 is taken for a third of 0.9. */
const TOLERANCE = 1e-9;

function shareOf(has: Amounts, servers: number): Share {
  const devices = Object.entries(has).filter(([name]) => name.includes("/"));
  const { memory, cpu } = has;
  return {
    servers,
    ...(memory === undefined ? {} : { memory: memoryText(saneMemory(memory / servers)) }),
    ...(cpu === undefined ? {} : { cpu: Math.floor((cpu / servers) * 10 + TOLERANCE) / 10 }),
    devices: Object.fromEntries(
      devices.flatMap(([name, count]) => {
        const each = Math.floor(count / servers);
        return each > 0 ? [[name, each]] : [];
      }),
    ),
  };
}

/** A part that leaves something of everything the node has; a part without its devices wastes them. */
function isUseful({ servers, memory, cpu, devices }: Share, has: Amounts): boolean {
  const hasDevices = Object.keys(has).some((name) => name.includes("/") && (has[name] ?? 0) >= 1);
  if (hasDevices && Object.keys(devices).length === 0) return false;
  return servers === 1 || ((memory === undefined || memory !== "0") && (cpu === undefined || cpu >= 0.1));
}

const [MEBI, GIBI] = [2 ** 20, 2 ** 30];

/** Rounded down to what people write: whole gigabytes, halves below four, 128 megabytes below one. */
function saneMemory(bytes: number): number {
  const step = bytes >= 4 * GIBI ? GIBI : bytes >= GIBI ? GIBI / 2 : 128 * MEBI;
  return Math.floor(bytes / step) * step;
}
