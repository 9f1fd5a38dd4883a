import { aligned } from "./align.ts";
import type { Cell } from "./cells.ts";

/** What happens to a cell. `outputs`: its text stays, and what it shows differs. */
export interface CellChange {
  readonly change: "added" | "removed" | "changed" | "outputs" | "same";
  readonly before?: Cell;
  readonly after?: Cell;
}

/** How many cells of a notebook differ. */
export interface NotebookDifference {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Cells of which only the outputs differ. */
  readonly outputs: number;
}

/** The cells of two versions of a notebook beside each other, in the order in which they are read. */
export function cellChanges(before: readonly Cell[], after: readonly Cell[]): CellChange[] {
  const changes: CellChange[] = [];
  // What comes and goes between two cells that stay may be one cell that was rewritten.
  let gap: { removed: Cell[]; added: Cell[] } = { removed: [], added: [] };
  const closeGap = () => {
    changes.push(...rewritten(gap.removed, gap.added));
    gap = { removed: [], added: [] };
  };
  for (const [old, now] of aligned(before, after, isSame)) {
    if (old && now) {
      closeGap();
      changes.push({ change: changeOf(old, now), before: old, after: now });
    } else if (old) gap.removed.push(old);
    else if (now) gap.added.push(now);
  }
  closeGap();
  return changes;
}

/** How many cells differ, and how. */
export function countChanges(changes: readonly CellChange[]): NotebookDifference {
  const count = (change: CellChange["change"]) => changes.filter((one) => one.change === change).length;
  return {
    added: count("added"),
    removed: count("removed"),
    changed: count("changed"),
    outputs: count("outputs"),
  };
}

/** Whether it is one cell in both versions: by its ID, or by what it says where a tool made new IDs. */
const isSame = (a: Cell, b: Cell) =>
  a.type === b.type && ((a.id !== undefined && a.id === b.id) || a.source === b.source);

function changeOf(before: Cell, after: Cell): CellChange["change"] {
  if (before.source !== after.source) return "changed";
  return before.rawOutputs === after.rawOutputs ? "same" : "outputs";
}

function rewritten(removed: readonly Cell[], added: readonly Cell[]): CellChange[] {
  const left = [...removed];
  const paired = new Map<Cell, Cell>();
  for (const now of added) {
    const index = left.findIndex((old) => isRewritten(old, now));
    const [old] = index < 0 ? [] : left.splice(index, 1);
    if (old) paired.set(now, old);
  }
  return [
    ...left.map((before): CellChange => ({ change: "removed", before })),
    ...added.map((after): CellChange => {
      const before = paired.get(after);
      return before ? { change: "changed", before, after } : { change: "added", after };
    }),
  ];
}

/** Whether two cells of one type have at least a line in common that says something. */
function isRewritten(before: Cell, after: Cell): boolean {
  if (before.type !== after.type) return false;
  const lines = new Set(wordsOf(before));
  return wordsOf(after).some((line) => lines.has(line));
}

const wordsOf = ({ source }: Cell) =>
  source
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line));
