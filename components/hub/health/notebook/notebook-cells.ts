import { z } from "zod";

/** A cell to execute. */
interface CodeCell {
  /** Its place among all cells of the notebook, from 1. */
  readonly number: number;
  readonly code: string;
  /** Whether it may fail, as its tag `raises-exception` says. */
  readonly mayFail: boolean;
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
      source: z.union([z.string(), z.array(z.string())]),
      metadata: z.object({ tags: z.array(z.string()).optional() }).default({}),
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
  const cells = parsed.data.cells.flatMap(({ cell_type: type, source, metadata: { tags = [] } }, index) => {
    const code = typeof source === "string" ? source : source.join("");
    if (type !== "code" || code.trim() === "" || tags.includes("skip-execution")) return [];
    return [{ number: index + 1, code, mayFail: tags.includes("raises-exception") }];
  });
  return { kernel: parsed.data.metadata.kernelspec?.name, cells };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
