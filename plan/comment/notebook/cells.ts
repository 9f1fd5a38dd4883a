import { isObject } from "../../../components/json.ts";

/** A cell of a notebook, as far as two versions of it are compared. */
export interface Cell {
  readonly id?: string;
  readonly type: string;
  readonly source: string;
  /** What it shows, without its data: `image/png (34 kB)`. */
  readonly outputs: readonly string[];
  /** Its outputs as they are, to compare them. */
  readonly rawOutputs: string;
}

/** The cells of a notebook; undefined where the value is none. */
export function cellsOf(notebook: unknown): Cell[] | undefined {
  if (!isObject(notebook) || !Array.isArray(notebook["cells"])) return undefined;
  return notebook["cells"].filter(isObject).map((cell) => {
    const outputs: readonly unknown[] = Array.isArray(cell["outputs"]) ? cell["outputs"] : [];
    return {
      ...(typeof cell["id"] === "string" ? { id: cell["id"] } : {}),
      type: String(cell["cell_type"]),
      source: textOf(cell["source"]),
      outputs: outputs.filter(isObject).flatMap(summariesOf),
      // How often a cell ran is no difference to its reader.
      rawOutputs: JSON.stringify(outputs, (key, value) => (key === "execution_count" ? undefined : value)),
    };
  });
}

/** A text as notebooks keep it: one string, or its lines in a list. */
const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join("") : typeof value === "string" ? value : "";

function summariesOf(output: Readonly<Record<string, unknown>>): string[] {
  const { output_type: type, data, ename, text } = output;
  if (type === "error") return [`error ${String(ename)}`];
  if (type === "stream") return [`text, ${sized(textOf(text))}`];
  return isObject(data)
    ? Object.entries(data).map(([media, value]) => `${media}, ${sized(sizeOf(value))}`)
    : [];
}

const sizeOf = (value: unknown) =>
  typeof value === "string" || Array.isArray(value) ? textOf(value) : (JSON.stringify(value) ?? "");

function sized(text: string): string {
  const bytes = Buffer.byteLength(text);
  return bytes < 1_000 ? `${bytes} B` : `${Math.round(bytes / 1_000)} kB`;
}
