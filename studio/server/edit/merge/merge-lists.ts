import { equal, type Json } from "../../../api/json.ts";
import type { Step, ValueMerger, Versions } from "./conflict.ts";
import { type Slot, type Slots, slotsOf } from "./slots.ts";

/** Merges lists by item: what one adds, removes, changes or moves is kept beside what the other does. */
export function mergeLists(
  merger: ValueMerger,
  path: readonly Step[],
  lists: Versions<readonly Json[]>,
): Json[] {
  const slots = slotsOf(lists);
  const values = new Map<Slot, Json>();
  for (const slot of new Set([...slots.theirs, ...slots.mine])) {
    const { base, mine, theirs } = slot;
    const isNew = base === undefined && (mine === undefined || theirs === undefined);
    const own = mine === undefined ? theirs : mine;
    const value = isNew ? own : merger.merge([...path, slot.step], { base, mine, theirs });
    if (value !== undefined) values.set(slot, value);
  }
  const kept = (list: readonly Slot[]) => list.filter((slot) => values.has(slot));
  const survivors = { base: kept(slots.base), mine: kept(slots.mine), theirs: kept(slots.theirs) };
  const common = commonOrder(merger, path, survivors);
  return withOwn(common, survivors, values).map((slot) => values.get(slot) as Json);
}

/** The order of the items that both have: that of whoever has moved some, and a conflict where both have. */
function commonOrder(
  merger: ValueMerger,
  path: readonly Step[],
  { base, mine, theirs }: Slots,
): readonly Slot[] {
  const [inMine, inTheirs, inBase] = [new Set(mine), new Set(theirs), new Set(base)];
  const byMe = mine.filter((slot) => inTheirs.has(slot));
  const byThem = theirs.filter((slot) => inMine.has(slot));
  if (isSame(byMe, byThem)) return byMe;
  const before = base.filter((slot) => inMine.has(slot) && inTheirs.has(slot));
  const ofBase = (slots: readonly Slot[]) => slots.filter((slot) => inBase.has(slot));
  const steps = (slots: readonly Slot[]) => slots.map(({ step }) => step);
  const [unmovedByMe, unmovedByThem] = [isSame(ofBase(byMe), before), isSame(ofBase(byThem), before)];
  // Both have added the same at different places: either is fine, as long as it is the same from both sides.
  if (unmovedByMe && unmovedByThem) return `${steps(byMe)}` < `${steps(byThem)}` ? byMe : byThem;
  if (unmovedByMe) return byThem;
  if (unmovedByThem) return byMe;
  const versions = { base: steps(before), mine: steps(byMe), theirs: steps(byThem) };
  const chosen = merger.choose({ path, kind: "order", ...versions });
  return equal(chosen, versions.mine) ? byMe : byThem;
}

const isSame = (one: readonly Slot[], other: readonly Slot[]) =>
  one.length === other.length && one.every((slot, index) => slot === other[index]);

/** Adds what only one has, after the item that it follows there. */
function withOwn(
  common: readonly Slot[],
  { mine, theirs }: Slots,
  values: ReadonlyMap<Slot, Json>,
): readonly Slot[] {
  const isCommon = new Set(common);
  const following = new Map<Slot | undefined, Slot[][]>();
  for (const side of [theirs, mine]) {
    const runs = new Map<Slot | undefined, Slot[]>();
    let previous: Slot | undefined;
    for (const slot of side) {
      if (isCommon.has(slot)) previous = slot;
      else runs.set(previous, [...(runs.get(previous) ?? []), slot]);
    }
    for (const [slot, run] of runs) following.set(slot, [...(following.get(slot) ?? []), run]);
  }
  // Where both add at the same place, neither comes first by being one's own: merging is the same from both sides.
  const textOf = ([first]: readonly Slot[]) => JSON.stringify(first && values.get(first));
  const after = (slot: Slot | undefined) =>
    (following.get(slot) ?? []).toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1)).flat();
  return [...after(undefined), ...common.flatMap((slot) => [slot, ...after(slot)])];
}
