/** Lines that two texts have in common, or that only one has. */
export interface Run {
  readonly kind: "same" | "removed" | "added";
  /** The index of its first line in either text. */
  readonly before: number;
  readonly after: number;
  readonly count: number;
}

/** The shortest way from some lines to others, by Myers' algorithm; removed lines come before added ones. */
export function diffLines(before: readonly string[], after: readonly string[]): Run[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const common = commonLines(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  );
  const pairs = [
    ...Array.from({ length: head }, (_, index) => [index, index] as const),
    ...common.map(([one, other]) => [one + head, other + head] as const),
    ...Array.from({ length: tail }, (_, i) => [before.length - tail + i, after.length - tail + i] as const),
  ];
  return runsOf(pairs, before.length, after.length);
}

type Pair = readonly [before: number, after: number];

function runsOf(pairs: readonly Pair[], beforeEnd: number, afterEnd: number): Run[] {
  const runs: Run[] = [];
  let [before, after] = [0, 0];
  const changedUntil = (nextBefore: number, nextAfter: number) => {
    if (nextBefore > before) runs.push({ kind: "removed", before, after, count: nextBefore - before });
    before = nextBefore;
    if (nextAfter > after) runs.push({ kind: "added", before, after, count: nextAfter - after });
    after = nextAfter;
  };
  for (const [nextBefore, nextAfter] of pairs) {
    changedUntil(nextBefore, nextAfter);
    const last = runs.at(-1);
    if (last?.kind === "same") runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ kind: "same", before, after, count: 1 });
    before += 1;
    after += 1;
  }
  changedUntil(beforeEnd, afterEnd);
  return runs;
}

/** Beyond so many changed lines a difference is all of them: nobody reads it line by line. */
const MOST_CHANGES = 2_000;

/** The indexes of the longest common subsequence. */
function commonLines(before: readonly string[], after: readonly string[]): Pair[] {
  const [n, m] = [before.length, after.length];
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(n + m, MOST_CHANGES); d += 1) {
    const next = new Map(furthest);
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(furthest, k, d) ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && before[x] === after[x - k]) x += 1;
      next.set(k, x);
      if (x >= n && x - k >= m) return walkedBack([...trace, furthest], n, m);
    }
    trace.push(furthest);
    furthest = next;
  }
  return [];
}

const goesDown = (furthest: ReadonlyMap<number, number>, k: number, d: number) =>
  k === -d || (k !== d && (furthest.get(k - 1) ?? 0) < (furthest.get(k + 1) ?? 0));

function walkedBack(trace: readonly ReadonlyMap<number, number>[], n: number, m: number): Pair[] {
  const pairs: Pair[] = [];
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const furthest = trace[d] as ReadonlyMap<number, number>;
    const k = x - y;
    const previous = goesDown(furthest, k, d) ? k + 1 : k - 1;
    const from = d === 0 ? 0 : (furthest.get(previous) ?? 0);
    const fromY = d === 0 ? 0 : from - previous;
    while (x > from && y > fromY) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    [x, y] = [from, fromY];
  }
  return pairs.reverse();
}
