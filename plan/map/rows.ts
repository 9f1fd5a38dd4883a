import { openOf } from "../drift/drift.ts";
import type { DeployedMap, MapDifference, MapStack, MapThing } from "./map-file.ts";

/** What can be asked of a thing. Several may be true at once. */
export const STATES = ["held", "behind", "drifted", "override", "unhealthy", "outside", "deployed"] as const;
export type MapState = (typeof STATES)[number];

/** A thing on a stack, with what was found of it. */
export interface MapRow {
  readonly stack: string;
  readonly environment: string;
  readonly thing: MapThing;
  readonly states: readonly MapState[];
  readonly differences: readonly MapDifference[];
  /** In production: what staging has, where it is something else. */
  readonly staging?: MapThing;
  /** Everything that a text is looked for in, in lower case. */
  readonly words: string;
}

/** The name of a thing without its kind: `campus/prod`. */
export const nameOf = ({ id }: Pick<MapThing, "id">): string => id.slice(id.indexOf("/") + 1);

/** Every thing of every stack, in the order of stacks, then of kinds and names as the file has them. */
export function rowsOf({ stacks }: DeployedMap): MapRow[] {
  const staged = new Map(
    stacks
      .filter(({ environment }) => environment === "staging")
      .flatMap(({ outputs }) => (outputs?.things ?? []).map((thing) => [thing.id, thing] as const)),
  );
  return stacks.flatMap((stack) => {
    const found = differencesOf(stack);
    return (stack.outputs?.things ?? []).map((thing) => {
      const other = stack.environment === "prod" ? staged.get(thing.id) : undefined;
      return rowOf(stack, thing, found.get(thing.id) ?? [], isOther(thing, other) ? other : undefined);
    });
  });
}

/** Whether two environments have different content. Of what has no digest, nothing is known. */
const isOther = (thing: MapThing, other: MapThing | undefined) =>
  thing.digest !== undefined && other?.digest !== undefined && thing.digest !== other.digest;

function rowOf(
  stack: MapStack,
  thing: MapThing,
  differences: readonly MapDifference[],
  staging: MapThing | undefined,
): MapRow {
  const words = [stack.stack, thing.id, thing.title, thing.version, thing.image, thing.digest, ...thing.uses];
  return {
    stack: stack.stack,
    environment: stack.environment,
    thing,
    states: statesOf(thing, differences, staging !== undefined),
    differences,
    ...(staging ? { staging } : {}),
    words: words
      .filter((word) => word !== undefined)
      .join("\n")
      .toLowerCase(),
  };
}

function differencesOf({ drift }: MapStack): Map<string, MapDifference[]> {
  const found = new Map<string, MapDifference[]>();
  for (const one of drift?.differences ?? []) {
    const known = found.get(one.thing);
    if (known) known.push(one);
    else found.set(one.thing, [one]);
  }
  return found;
}

function statesOf(thing: MapThing, differences: readonly MapDifference[], behind: boolean): MapState[] {
  const is: Readonly<Record<Exclude<MapState, "deployed">, boolean>> = {
    held: thing.held !== undefined,
    behind,
    drifted: openOf(differences).length > 0,
    override: thing.override !== undefined,
    unhealthy: thing.healthy === false,
    outside: thing.outside !== undefined,
  };
  const states = STATES.filter((state) => state !== "deployed" && is[state]);
  return states.length === 0 ? ["deployed"] : states;
}

/** What is asked of a map; what is missing asks nothing. */
export interface MapFilter {
  readonly stack?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  /** Words that all have to be somewhere in a row, whatever their case. */
  readonly text?: string | undefined;
}

/** The rows that a filter leaves, in the same order. */
export function filterRows(rows: readonly MapRow[], filter: MapFilter): MapRow[] {
  const words = (filter.text ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return rows.filter(
    ({ stack, thing, states, words: own }) =>
      (!filter.stack || stack === filter.stack) &&
      (!filter.kind || thing.kind === filter.kind) &&
      (!filter.state || states.some((state) => state === filter.state)) &&
      words.every((word) => own.includes(word)),
  );
}

/** How many rows are in each state; one that is in two counts in both. */
export function countStates(rows: readonly MapRow[]): Readonly<Record<MapState, number>> {
  const counts = { held: 0, behind: 0, drifted: 0, override: 0, unhealthy: 0, outside: 0, deployed: 0 };
  for (const { states } of rows) for (const state of states) counts[state] += 1;
  return counts;
}

/** Drift of resources that are part of no thing, such as a namespace. */
export function otherDifferences({ outputs, drift }: MapStack): MapDifference[] {
  const known = new Set((outputs?.things ?? []).map(({ id }) => id));
  return (drift?.differences ?? []).filter(({ thing }) => !known.has(thing));
}
