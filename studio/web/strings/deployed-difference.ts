interface CellCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly outputs: number;
}

/** What the page Articles says of what differs from what is deployed. */
export const deployedDifferenceStrings = {
  title: (stack: string) => `What differs from ${stack}`,
  unknown: (reason: string) => `What differs can't be shown: ${reason}`,
  commit: (stack: string) => `The content that ${stack} has is that of the commit`,
  nothing: "No notebook differs, as far as both versions can be read.",
  changes: {
    added: "new in the catalog",
    removed: "no longer in the catalog",
    changed: "changed",
  },
  /** `2 cells changed, 1 added` */
  cells: ({ added, removed, changed, outputs }: CellCounts) => {
    const parts = [
      [changed, "changed"],
      [added, "added"],
      [removed, "removed"],
      [outputs, "with other outputs"],
    ] as const;
    const counted = parts.filter(([count]) => count > 0);
    const texts = counted.map(([count, what], index) =>
      index === 0 ? `${count} ${count === 1 ? "cell" : "cells"} ${what}` : `${count} ${what}`,
    );
    return texts.join(", ") || "the file differs, its cells do not";
  },
  cellsOf: (stack: string) => `Cells that differ from ${stack}`,
};
