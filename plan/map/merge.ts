import {
  type DeployedMap,
  MAP_VERSION,
  type MapDeployment,
  type MapStack,
  MOST_DEPLOYMENTS,
} from "./map-file.ts";

/**
 * One map of several: of each stack what was read last, the drift that was looked for last, and the deployments of all.
 * The order and the grouping of maps make no difference, and a map merged with itself is itself.
 */
export function mergeMaps(maps: readonly DeployedMap[]): DeployedMap {
  const stacks = new Map<string, MapStack>();
  for (const one of maps.flatMap((map) => map.stacks)) {
    const known = stacks.get(one.stack);
    stacks.set(one.stack, known ? mergeStacks(known, one) : tidy(one));
  }
  const made = maps.map((map) => map.made).sort();
  return {
    version: MAP_VERSION,
    made: made.at(-1) ?? new Date(0).toISOString(),
    stacks: [...stacks.values()].sort((a, b) => compare(a.stack, b.stack)),
  };
}

function mergeStacks(a: MapStack, b: MapStack): MapStack {
  const outputs = newest(a.outputs, b.outputs, ({ read }) => read);
  const failure = newest(a.failure, b.failure, ({ at }) => at);
  const drift = newest(a.drift, b.drift, ({ at }) => at);
  const leftOutUpTo = [a.leftOutUpTo, b.leftOutUpTo]
    .filter((key) => key !== undefined)
    .sort()
    .at(-1);
  return tidy({
    stack: a.stack,
    environment: a.environment,
    ...(outputs ? { outputs } : {}),
    ...(failure ? { failure } : {}),
    ...(drift ? { drift } : {}),
    history: [...a.history, ...b.history],
    ...(leftOutUpTo === undefined ? {} : { leftOutUpTo }),
  });
}

/** Each deployment once, newest first, and not more than are kept. */
function tidy(stack: MapStack): MapStack {
  const byKey = new Map<string, MapDeployment>();
  for (const one of stack.history) {
    const known = byKey.get(keyOf(one));
    byKey.set(keyOf(one), known ? mergeDeployments(known, one) : sorted(one));
  }
  const all = [...byKey].sort(([a], [b]) => compare(b, a));
  const dropped = all[MOST_DEPLOYMENTS]?.[0];
  const { leftOutUpTo = dropped } = stack;
  const upTo =
    dropped !== undefined && leftOutUpTo !== undefined && dropped > leftOutUpTo ? dropped : leftOutUpTo;
  return {
    ...stack,
    history: all.slice(0, MOST_DEPLOYMENTS).map(([, one]) => one),
    ...(upTo === undefined ? {} : { leftOutUpTo: upTo }),
  };
}

const keyOf = ({ at, kind }: MapDeployment) => `${at} ${kind}`;

/** What two maps know of one deployment. */
function mergeDeployments(a: MapDeployment, b: MapDeployment): MapDeployment {
  const either = <Key extends "begun" | "result" | "counts" | "commit">(key: Key) => {
    const value = a[key] === undefined || b[key] === undefined ? (a[key] ?? b[key]) : greater(a[key], b[key]);
    return value === undefined ? {} : { [key]: value };
  };
  return sorted({
    at: a.at,
    ...either("begun"),
    kind: a.kind,
    ...either("result"),
    ...either("counts"),
    ...either("commit"),
    changes: [...a.changes, ...b.changes],
  });
}

/** Each change of a deployment once, as the map that knows most of it has it. */
function sorted(deployment: MapDeployment): MapDeployment {
  const changes = new Map<string, MapDeployment["changes"][number]>();
  for (const change of deployment.changes) {
    const key = change.id ?? change.label;
    const known = changes.get(key);
    changes.set(key, known ? greater(known, change) : change);
  }
  const ordered = [...changes].sort(([a], [b]) => compare(a, b)).map(([, change]) => change);
  return { ...deployment, changes: ordered };
}

function newest<T>(a: T | undefined, b: T | undefined, at: (one: T) => string): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compare(at(a), at(b));
  return order === 0 ? greater(a, b) : order > 0 ? a : b;
}

/** The one with more in it; that the other one is dropped depends on no order. */
function greater<T>(a: T, b: T): T {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  const order = left.length - right.length || compare(left, right);
  return order >= 0 ? a : b;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
