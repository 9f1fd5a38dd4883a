import { z } from "zod";
import { jsonOf } from "../problem/json.ts";
import { type CellOutput, savedOutputs } from "./cell-outputs.ts";

/** A cell to execute. */
export interface CodeCell {
  /** Its place among all cells of the notebook, from 1. */
  readonly number: number;
  /** Its ID, which notebooks have since nbformat 4.5. */
  readonly id?: string;
  readonly code: string;
  /** Whether it may fail, as its tag `raises-exception` says. */
  readonly mayFail: boolean;
  /** What the notebook was saved with. */
  readonly outputs: readonly CellOutput[];
}

/** What is executed of a notebook. */
export interface NotebookCells {
  /** The name of the kernelspec in its metadata. */
  readonly kernel: string | undefined;
  readonly cells: readonly CodeCell[];
}

const notebook = z.object({
  metadata: z.object({ kernelspec: z.object({ name: z.string().optional() }).optional() }).default({}),
  cells: z.array(
    z.object({
      cell_type: z.string(),
      id: z.string().optional(),
      source: z.union([z.string(), z.array(z.string())]),
      metadata: z.object({ tags: z.array(z.string()).optional() }).default({}),
      outputs: z.array(z.unknown()).default([]),
    }),
  ),
});

/**
 * The code cells of a notebook (nbformat 4), with the tags that nbclient knows.
 * @returns undefined where it is not a notebook
 */
export function notebookCells(text: string): NotebookCells | undefined {
  const parsed = notebook.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const cells = parsed.data.cells.flatMap((cell, index) => {
    const { cell_type: type, id, source, metadata } = cell;
    const { tags = [] } = metadata;
    const code = typeof source === "string" ? source : source.join("");
    if (type !== "code" || code.trim() === "" || tags.includes("skip-execution")) return [];
    const mayFail = tags.includes("raises-exception");
    const outputs = savedOutputs(cell.outputs);
    return [{ number: index + 1, ...(id === undefined ? {} : { id }), code, mayFail, outputs }];
  });
  return { kernel: parsed.data.metadata.kernelspec?.name, cells };
}
