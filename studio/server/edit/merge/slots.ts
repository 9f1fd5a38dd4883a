import type { Json } from "../../../api/json.ts";
import { matchAdded, matchItems, nameOf } from "../identity.ts";
import type { Step, Versions } from "./conflict.ts";

/** An item in the versions that have it. */
export interface Slot {
  readonly base?: Json;
  readonly mine?: Json;
  readonly theirs?: Json;
  /** What it is called in a conflict. */
  readonly step: Step;
}

/** The items of each version, in its order. One that several versions have is the same slot. */
export type Slots = Versions<readonly Slot[]>;

/** Finds out which items of three versions of a list are the same. */
export function slotsOf({ base, mine, theirs }: Versions<readonly Json[]>): Slots {
  const step = stepper();
  const [inMine, inTheirs] = [matchItems(base, mine), matchItems(base, theirs)];
  const [mineSlots, theirSlots] = [new Map<number, Slot>(), new Map<number, Slot>()];
  const place = (slot: Slot, m: number | undefined, t: number | undefined) => {
    if (m !== undefined) mineSlots.set(m, slot);
    if (t !== undefined) theirSlots.set(t, slot);
    return slot;
  };
  const baseSlots = base.map((item, index) => {
    const [m, t] = [inMine.get(index), inTheirs.get(index)];
    const versions = { base: item, ...only("mine", mine, m), ...only("theirs", theirs, t) };
    return place({ ...versions, step: step(item, index) }, m, t);
  });
  const added = [without(mine, mineSlots), without(theirs, theirSlots)] as const;
  const both = matchAdded(itemsAt(mine, added[0]), itemsAt(theirs, added[1]));
  for (const [order, m] of added[0].entries()) {
    const t = added[1][both.get(order) ?? -1];
    place({ ...only("mine", mine, m), ...only("theirs", theirs, t), step: step(mine[m], m) }, m, t);
  }
  for (const t of without(theirs, theirSlots)) {
    place({ ...only("theirs", theirs, t), step: step(theirs[t], t) }, undefined, t);
  }
  const ordered = (list: readonly Json[], slots: ReadonlyMap<number, Slot>) =>
    list.flatMap((_, index) => slots.get(index) ?? []);
  return { base: baseSlots, mine: ordered(mine, mineSlots), theirs: ordered(theirs, theirSlots) };
}

const only = (side: "mine" | "theirs", list: readonly Json[], index: number | undefined) =>
  index === undefined ? {} : { [side]: list[index] };

const without = (list: readonly Json[], slots: ReadonlyMap<number, Slot>) =>
  [...list.keys()].filter((index) => !slots.has(index));

const itemsAt = (list: readonly Json[], indexes: readonly number[]) =>
  indexes.map((index) => list[index] as Json);

/** Gives each item a step of its own: of several with one name, the later ones get a number. */
function stepper(): (item: Json | undefined, index: number) => Step {
  const counts = new Map<string, number>();
  return (item, index) => {
    const name = (item === undefined ? undefined : nameOf(item)) ?? `[${index}]`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}
