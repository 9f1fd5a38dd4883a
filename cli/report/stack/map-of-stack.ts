import type { MapChange, MapDeployment, MapStack, MapThing } from "../../../plan/map/map-file.ts";
import { nameOf } from "../../../plan/map/rows.ts";
import { changedSomething } from "./stack-history.ts";
import type { StackState } from "./stack-state.ts";
import { thingsOf } from "./stack-things.ts";

/** What was read of a stack. */
export interface ReadStack {
  readonly stack: string;
  readonly environment: string;
  /** When, ISO 8601. */
  readonly at: string;
  readonly state: StackState;
  /** What the engine knows of earlier deployments, newest first; the sandbox knows none. */
  readonly history: readonly MapDeployment[];
  /** Whether there are no older ones. */
  readonly complete: boolean;
}

/**
 * A stack of the map. What its state does not tell is taken from its history and from an earlier map, as far as they
 * tell it for certain.
 */
export function mapOfStack(read: ReadStack, earlier: MapStack | undefined): MapStack {
  const { stack, environment, at, state } = read;
  const { things, problems } = thingsOf(stack, state);
  const dated = things.map((thing) => ({ ...thing, ...sinceOf(thing, read, earlier) }));
  return {
    stack,
    environment,
    outputs: {
      read: at,
      ...(state.deployed === undefined ? {} : { deployed: state.deployed }),
      problems,
      things: dated,
    },
    history: withChanges(read, earlier, dated),
  };
}

function sinceOf(thing: MapThing, read: ReadStack, earlier: MapStack | undefined): Pick<MapThing, "since"> {
  if (thing.since !== undefined) return {};
  const known = earlier?.outputs?.things.find(({ id }) => id === thing.id);
  if (known && isSame(known, thing)) return known.since === undefined ? {} : { since: known.since };
  const only = onlyUpdate(read, earlier);
  return only === undefined ? {} : { since: only.at };
}

const isSame = (a: MapThing, b: MapThing) =>
  a.version === b.version && a.digest === b.digest && a.image === b.image && a.outside === b.outside;

/** The one update since the earlier map that changed something; undefined where there are several, or may be. */
function onlyUpdate(
  { history, complete }: ReadStack,
  earlier: MapStack | undefined,
): MapDeployment | undefined {
  const from = earlier?.outputs?.read;
  const oldest = history.at(-1)?.at;
  if (from === undefined ? !complete : !complete && (oldest === undefined || oldest > from)) return undefined;
  const updates = history.filter((one) => changedSomething(one) && (from === undefined || one.at > from));
  return updates.length === 1 ? updates[0] : undefined;
}

/** The history, with what changed since the earlier map at the update that changed it. */
function withChanges(
  read: ReadStack,
  earlier: MapStack | undefined,
  things: readonly MapThing[],
): readonly MapDeployment[] {
  const changes = earlier?.outputs ? changesBetween(earlier.outputs.things, things) : [];
  if (changes.length === 0 || !earlier?.outputs) return read.history;
  const only = onlyUpdate(read, earlier);
  if (only) return read.history.map((one) => (one === only ? { ...one, changes } : one));
  const at = read.state.deployed ?? read.at;
  return [{ at, begun: earlier.outputs.read, kind: "changes", changes }, ...read.history];
}

function changesBetween(before: readonly MapThing[], now: readonly MapThing[]): MapChange[] {
  const old = new Map(before.filter(isDeployed).map((thing) => [thing.id, thing]));
  const present = new Map(now.filter(isDeployed).map((thing) => [thing.id, thing]));
  const changed = [...present.values()].flatMap((thing): MapChange[] => {
    const known = old.get(thing.id);
    if (known && isSame(known, thing)) return [];
    return [{ ...changeOf(thing, known ? "updated" : "created"), ...fromTo(known, thing) }];
  });
  const removed = [...old.values()].filter(({ id }) => !present.has(id));
  return [
    ...changed,
    ...removed.map((thing) => ({ ...changeOf(thing, "removed"), ...fromTo(thing, undefined) })),
  ];
}

const isDeployed = ({ held }: MapThing) => held === undefined || held.deployed;

const changeOf = (thing: MapThing, change: MapChange["change"]): MapChange => ({
  id: thing.id,
  label: `${thing.kind} ${nameOf(thing)}`,
  change,
  ...(thing.title === undefined ? {} : { title: thing.title }),
  ...(thing.url === undefined ? {} : { url: thing.url }),
});

/** The versions where they differ, else the digests. */
function fromTo(old: MapThing | undefined, thing: MapThing | undefined): Pick<MapChange, "before" | "after"> {
  const field = old?.version === thing?.version ? "digest" : "version";
  const [before, after] = [old?.[field], thing?.[field]];
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
