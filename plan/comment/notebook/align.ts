/** Two lists beside each other: what only one of them has is missing on the other side. */
type Aligned<T> = readonly [before: T | undefined, after: T | undefined];

/** Longer ones are compared by their ends alone: their table would take too much memory. */
const MOST = 4_000_000;

/**
 * Aligns two lists so that as many pairs as can be are alike, in order. Between those, what was removed comes before
 * what was added.
 */
export function aligned<T>(
  before: readonly T[],
  after: readonly T[],
  alike: (a: T, b: T) => boolean,
): Aligned<T>[] {
  let start = 0;
  while (start < before.length && start < after.length && isAlike(before, after, start, start, alike))
    start += 1;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && isAlike(before, after, before.length - 1 - end, after.length - 1 - end, alike))
    end += 1;
  const same = (from: number, to: number, shift: number): Aligned<T>[] =>
    before.slice(from, to).map((one, index) => [one, after[from + index + shift]]);
  return [
    ...same(0, start, 0),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end), alike),
    ...same(before.length - end, before.length, after.length - before.length),
  ];
}

function isAlike<T>(a: readonly T[], b: readonly T[], i: number, j: number, alike: (a: T, b: T) => boolean) {
  const [one, other] = [a[i], b[j]];
  return one !== undefined && other !== undefined && alike(one, other);
}

function middle<T>(before: readonly T[], after: readonly T[], alike: (a: T, b: T) => boolean): Aligned<T>[] {
  const removed = (one: T): Aligned<T> => [one, undefined];
  const added = (one: T): Aligned<T> => [undefined, one];
  if (before.length * after.length > MOST) return [...before.map(removed), ...after.map(added)];
  const lengths = commonLengths(before, after, alike);
  const width = after.length + 1;
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  const pairs: Aligned<T>[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (isAlike(before, after, i, j, alike)) pairs.push([before[i++], after[j++]]);
    else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      pairs.push([before[i++], undefined]);
    } else pairs.push([undefined, after[j++]]);
  }
  return pairs;
}

/** How long the longest common part of what follows two places is, for each pair of places. */
function commonLengths<T>(
  before: readonly T[],
  after: readonly T[],
  alike: (a: T, b: T) => boolean,
): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const next = lengths[(i + 1) * width + j + 1] ?? 0;
      const skipped = Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
      lengths[i * width + j] = isAlike(before, after, i, j, alike) ? next + 1 : skipped;
    }
  }
  return lengths;
}
