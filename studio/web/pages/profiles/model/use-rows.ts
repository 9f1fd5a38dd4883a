import { useCallback, useRef } from "react";
import type { DraftFile } from "../../../draft/use-draft.ts";
import { fileOf, type Row } from "./rows.ts";
import { RowsByValue } from "./rows-by-value.ts";

/** Makes other rows of those that there are when it is called. */
export type ChangeRows = (change: (rows: readonly Row[]) => readonly Row[]) => void;

/**
 * The profiles of a draft as rows, whose IDs stay while they are changed here, and where another value has their names. The
 * draft may be drawn later than it changes: each value has its own rows, and a change is made of the latest.
 */
export function useRows(draft: DraftFile): readonly [rows: readonly Row[], change: ChangeRows] {
  const known = useRef(new RowsByValue());
  const { latest, change: keep } = draft;
  const change: ChangeRows = useCallback(
    (make) => {
      const before = latest();
      const rows = known.current.of(before);
      const after = make(rows);
      if (after === rows) return;
      const value = fileOf(after, before);
      known.current.set(value, after);
      keep(value);
    },
    [latest, keep],
  );
  return [known.current.of(draft.value), change];
}
