import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { textOf } from "../../article/source/notebook/nbformat.ts";

/** What a cell has printed, shown and raised, taken apart by how it is compared. */
export interface CellOutputs {
  /** What it printed to stdout and its results as text, in order. */
  readonly text: string;
  /** PNG images in base64, in order. */
  readonly images: readonly string[];
  /** The names of its exceptions, such as `ValueError`. */
  readonly errors: readonly string[];
}

const output = z.looseObject({ output_type: z.string() });

/** The outputs of a code cell in nbformat 4; what is none is left out. */
export function readOutputs(outputs: readonly unknown[]): CellOutputs {
  let text = "";
  const images: string[] = [];
  const errors: string[] = [];
  for (const one of outputs) {
    const { data } = output.safeParse(one);
    if (data?.output_type === "stream") {
      // Warnings go to stderr, and have other words in each version of a package.
      if (data["name"] !== "stderr") text += textOf(data["text"]) ?? "";
    } else if (data?.output_type === "error") {
      errors.push(String(data["ename"] ?? ""));
    } else if (data) {
      const bundle = mediaBundle.safeParse(data["data"]).data ?? {};
      const image = textOf(bundle["image/png"]);
      if (image !== undefined) images.push(image);
      else if (!isWidget(bundle)) text += `${textOf(bundle["text/plain"]) ?? ""}\n`;
    }
  }
  return { text: stripVTControlCharacters(text), images, errors };
}

const mediaBundle = z.record(z.string(), z.unknown());

/** Widgets have IDs that differ from run to run. */
const isWidget = (bundle: Readonly<Record<string, unknown>>) =>
  Object.keys(bundle).some((type) => type.startsWith("application/vnd.jupyter.widget"));
