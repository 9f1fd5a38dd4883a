import { type Digest, digestOf } from "../digest.ts";
import { isObject } from "../json.ts";

/**
 * The digest of what a run of a notebook depends on: its code cells with their places, IDs and tags, and with their
 * outputs where these are compared. Texts around them may change without another run. What is no notebook has the
 * digest of its bytes.
 */
export function notebookDigest(bytes: Buffer, withOutputs: boolean): Digest {
  const cells = cellsOf(bytes.toString("utf8"));
  if (!cells) return digestOf(bytes);
  const run = cells.flatMap((cell, index) => {
    if (!isObject(cell) || cell["cell_type"] !== "code") return [];
    const { id, source, metadata, outputs } = cell;
    const tags = isObject(metadata) ? metadata["tags"] : undefined;
    const code = Array.isArray(source) ? source.join("") : source;
    return [[index, id ?? null, code, tags ?? [], withOutputs ? (outputs ?? []) : []]];
  });
  return digestOf(JSON.stringify(run));
}

function cellsOf(text: string): readonly unknown[] | undefined {
  try {
    const notebook: unknown = JSON.parse(text);
    return isObject(notebook) && Array.isArray(notebook["cells"]) ? notebook["cells"] : undefined;
  } catch {
    return undefined;
  }
}
