import { isObject } from "../../../json.ts";
import type { JsonPath } from "../../../problem/json-text.ts";
import { isJsonType, textOf } from "./nbformat.ts";
import { uncoloured } from "./terminal-codes.ts";

/** How a page shows a text. */
type Markup = "markdown" | "html" | "script" | "plain";

/** One text of a notebook: a cell, one output, or what lies beside them. */
export interface NotebookText {
  readonly text: string;
  readonly markup: Markup;
  readonly path: JsonPath;
  /** For people, to begin a sentence: `Cell 4`, `An output of cell 4`. */
  readonly where: string;
  /** Names of the images kept in the cell. */
  readonly attachments: ReadonlySet<string>;
  /**
   * Where a character of it is in the text of the file, given where they differ: that has colours for a
   * terminal. It is not to be quoted, as a credential may be whole in another reading of it only.
   */
  readonly origin?: (offset: number) => number;
}

const NONE: ReadonlySet<string> = new Set();

/** Every text of a notebook that a person may have written or a program printed, in order. */
export function textsOf(notebook: unknown): NotebookText[] {
  const found: NotebookText[] = [];
  if (!isObject(notebook)) return found;
  const cells = Array.isArray(notebook["cells"]) ? notebook["cells"] : [];
  for (const [index, cell] of cells.entries()) {
    if (isObject(cell)) addCell(found, cell, index);
  }
  addBeside(found, notebook["metadata"], ["metadata"], "The notebook's metadata");
  return found;
}

function addCell(found: NotebookText[], cell: Readonly<Record<string, unknown>>, index: number): void {
  const path = ["cells", index];
  const where = `Cell ${index + 1}`;
  const text = textOf(cell["source"]);
  const attachments = isObject(cell["attachments"]) ? new Set(Object.keys(cell["attachments"])) : NONE;
  if (text) found.push({ text, markup: markupOf(cell), path: [...path, "source"], where, attachments });
  addBeside(found, cell["metadata"], [...path, "metadata"], `The metadata of cell ${index + 1}`);
  if (isObject(cell["attachments"])) {
    for (const [name, bundle] of Object.entries(cell["attachments"])) {
      addBundle(found, bundle, [...path, "attachments", name], `An attachment of cell ${index + 1}`, false);
    }
  }
  const outputs = Array.isArray(cell["outputs"]) ? cell["outputs"] : [];
  for (const [at, output] of outputs.entries()) {
    if (isObject(output))
      addOutput(found, output, [...path, "outputs", at], `An output of cell ${index + 1}`);
  }
}

function markupOf(cell: Readonly<Record<string, unknown>>): Markup {
  if (cell["cell_type"] === "markdown") return "markdown";
  if (cell["cell_type"] !== "raw" || !isObject(cell["metadata"])) return "plain";
  const { format, raw_mimetype: type } = cell["metadata"];
  return markupOfType(String(type ?? format ?? ""));
}

function markupOfType(mediaType: string): Markup {
  const type = mediaType.toLowerCase().replace(/\s*;.*$/s, "");
  if (type === "text/markdown") return "markdown";
  if (/^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)$/.test(type)) return "html";
  return /^(?:text|application)\/(?:x-)?(?:java|ecma)script$/.test(type) ? "script" : "plain";
}

function addOutput(
  found: NotebookText[],
  output: Readonly<Record<string, unknown>>,
  path: JsonPath,
  where: string,
): void {
  for (const key of ["text", "ename", "evalue", "traceback"]) {
    const text = textOf(output[key]);
    if (text) addPrinted(found, { text, markup: "plain", path: [...path, key], where, attachments: NONE });
  }
  addBundle(found, output["data"], [...path, "data"], where, true);
  addBeside(found, output["metadata"], [...path, "metadata"], where);
}

/** Colours are no part of what was printed, and would hide a credential that they begin or split. */
function addPrinted(found: NotebookText[], one: NotebookText): void {
  const readings = one.markup === "plain" ? uncoloured(one.text) : [];
  if (readings.length === 0) found.push(one);
  for (const reading of readings) found.push({ ...one, ...reading });
}

function addBundle(
  found: NotebookText[],
  data: unknown,
  path: JsonPath,
  where: string,
  shown: boolean,
): void {
  if (!isObject(data)) return;
  for (const [type, value] of Object.entries(data)) {
    const at = [...path, type];
    const text = isJsonType(type) ? undefined : textOf(value);
    if (text === undefined) addBeside(found, value, at, where);
    else if (text !== "" && !isEncoded(type, text)) {
      const markup = shown ? markupOfType(type) : "plain";
      addPrinted(found, { text, markup, path: at, where, attachments: NONE });
    }
  }
}

/**
 * Pictures and sounds are kept in base64, where no credential rule can find anything but a chance likeness.
 * Only what is base64 to its last character is passed over: a text that only claims to be a picture is read.
 */
function isEncoded(mediaType: string, text: string): boolean {
  const binary = /^(?:image\/(?!svg)|audio\/|video\/|application\/(?:pdf|octet-stream|zip))/i;
  return binary.test(mediaType) && (isDecodable(text) || /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text));
}

/** Node decodes base64 in less time than an expression takes to look at it. */
function isDecodable(text: string): boolean {
  try {
    atob(text);
    return !/=\s+=/.test(text);
  } catch {
    return false;
  }
}

/** JSON beside the texts: as JSON, because a key and its value tell more together than apart. */
function addBeside(found: NotebookText[], value: unknown, path: JsonPath, where: string): void {
  if (value === undefined || value === null) return;
  if (isObject(value) && Object.keys(value).length === 0) return;
  const json = JSON.stringify(value);
  found.push({ text: json, markup: "plain", path, where, attachments: NONE });
  if (!json.includes("\\")) return;
  const strings = stringsIn(value).join("\n");
  found.push({ text: strings, markup: "plain", path, where, attachments: NONE });
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
