import { isObject } from "../../../json.ts";
import type { JsonPath } from "../../../problem/json-text.ts";

/** Something that makes a notebook no valid nbformat 4. */
export interface FormatFault {
  readonly path: JsonPath;
  readonly message: string;
  readonly remedy: string;
  /** @default an error */
  readonly severity?: "warning";
}

type Json = Readonly<Record<string, unknown>>;

const RESAVE = "Open the notebook in Jupyter and save it again";

/**
 * Everything that makes a value no notebook of the format's version 4, whose minor versions differ in one thing:
 * from 4.5 each cell has an ID. What isn't known to the format is left to newer minor versions.
 */
export function formatFaults(notebook: unknown): readonly FormatFault[] {
  if (!isObject(notebook)) return [{ path: [], message: "This is JSON, but not a notebook", remedy: RESAVE }];
  if (notebook["nbformat"] !== 4) {
    const version = JSON.stringify(notebook["nbformat"]) ?? "missing";
    return [
      { path: ["nbformat"], message: `nbformat is ${version}, and the platform reads 4`, remedy: RESAVE },
    ];
  }
  const minor = notebook["nbformat_minor"];
  const cells = notebook["cells"];
  const faults = [
    ...expect(isCount(minor), ["nbformat_minor"], "a whole number"),
    ...metadataFaults(notebook["metadata"]),
    ...expect(Array.isArray(cells), ["cells"], "a list"),
  ];
  if (!Array.isArray(cells)) return faults;
  const needsId = typeof minor === "number" && minor >= 5;
  faults.push(...cells.flatMap((cell: unknown, index) => cellFaults(cell, ["cells", index], needsId)));
  return [...faults, ...(needsId ? [...missingIds(cells), ...repeatedIds(cells)] : earlyIds(cells, minor))];
}

/** A text as notebooks keep it: one string, or its pieces in a list; `undefined` where it is neither. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  // Pieces put together so are copied only where somebody reads the text, other than by join.
  let text = "";
  for (const piece of value as unknown[]) {
    if (typeof piece !== "string") return undefined;
    text += piece;
  }
  return text;
}

function isText(value: unknown): boolean {
  return (
    typeof value === "string" || (Array.isArray(value) && value.every((piece) => typeof piece === "string"))
  );
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

/** Nothing where something holds, which is the rule: then nothing is made. */
function expect(
  holds: boolean,
  parent: JsonPath,
  what: string,
  key?: string | number,
): readonly FormatFault[] {
  if (holds) return NONE;
  const path = key === undefined ? parent : [...parent, key];
  return [{ path, message: `${String(path.at(-1))} is not ${what}`, remedy: RESAVE }];
}

const NONE: readonly FormatFault[] = [];

function metadataFaults(metadata: unknown): readonly FormatFault[] {
  if (!isObject(metadata)) return expect(false, ["metadata"], "an object");
  const { kernelspec, language_info: language } = metadata;
  return [
    ...(kernelspec === undefined
      ? []
      : textFields(kernelspec, ["metadata", "kernelspec"], ["name", "display_name"])),
    ...(language === undefined ? [] : textFields(language, ["metadata", "language_info"], ["name"])),
  ];
}

function textFields(value: unknown, path: JsonPath, names: readonly string[]): readonly FormatFault[] {
  if (!isObject(value)) return expect(false, path, "an object");
  return names.flatMap((name) => expect(typeof value[name] === "string", path, "a text", name));
}

function cellFaults(cell: unknown, path: JsonPath, needsId: boolean): readonly FormatFault[] {
  if (!isObject(cell)) return expect(false, path, "a cell");
  const type = cell["cell_type"];
  const known = type === "code" || type === "markdown" || type === "raw";
  return [
    ...expect(known, path, '"code", "markdown" or "raw"', "cell_type"),
    ...expect(isObject(cell["metadata"]), path, "an object", "metadata"),
    ...expect(isText(cell["source"]), path, "a string or a list of strings", "source"),
    ...(needsId && "id" in cell
      ? expect(isId(cell["id"]), path, "an ID of 1 to 64 letters, digits, - and _", "id")
      : []),
    ...(type === "code"
      ? codeFaults(cell, path)
      : [
          ...attachmentFaults(cell["attachments"], [...path, "attachments"]),
          ...(known ? codeOnlyFaults(cell, path) : []),
        ]),
  ];
}

/** The format allows a cell no fields but its own: Jupyter calls a notebook with these invalid. */
function codeOnlyFaults(cell: Json, path: JsonPath): readonly FormatFault[] {
  return ["outputs", "execution_count"]
    .filter((key) => key in cell)
    .map((key) => ({
      path: [...path, key],
      message: `Only a code cell can have ${key}`,
      remedy: "Remove the field from this cell",
    }));
}

function isId(value: unknown): boolean {
  return typeof value === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(value);
}

function isExecutionCount(value: unknown): boolean {
  return value === null || isCount(value);
}

function codeFaults(cell: Json, path: JsonPath): readonly FormatFault[] {
  const { outputs, execution_count: count } = cell;
  const faults = expect(isExecutionCount(count), path, "a whole number or null", "execution_count");
  if (!Array.isArray(outputs)) return [...faults, ...expect(false, path, "a list", "outputs")];
  return [
    ...faults,
    ...outputs.flatMap((output: unknown, index) => outputFaults(output, [...path, "outputs", index])),
  ];
}

function outputFaults(output: unknown, path: JsonPath): readonly FormatFault[] {
  if (!isObject(output)) return expect(false, path, "an output");
  const type = output["output_type"];
  if (type === "stream") {
    return [
      ...expect(typeof output["name"] === "string", path, "a text", "name"),
      ...expect(isText(output["text"]), path, "a string or a list of strings", "text"),
    ];
  }
  if (type === "error") {
    const { traceback } = output;
    return [
      ...textFields(output, path, ["ename", "evalue"]),
      ...expect(Array.isArray(traceback) && isText(traceback), path, "a list of strings", "traceback"),
    ];
  }
  if (type !== "display_data" && type !== "execute_result") {
    const kinds = '"stream", "display_data", "execute_result" or "error"';
    return expect(false, path, kinds, "output_type");
  }
  const counted = type === "display_data" || isExecutionCount(output["execution_count"]);
  return [
    ...expect(counted, path, "a whole number or null", "execution_count"),
    ...expect(isObject(output["metadata"]), path, "an object", "metadata"),
    ...bundleFaults(output["data"], [...path, "data"]),
  ];
}

/** Data by media type: JSON types hold any value, the others a text. */
function bundleFaults(data: unknown, path: JsonPath): readonly FormatFault[] {
  if (!isObject(data)) return expect(false, path, "an object");
  return Object.entries(data).flatMap(([type, value]) =>
    expect(isJsonType(type) || isText(value), path, "a string or a list of strings", type),
  );
}

/** Whether data of this media type is JSON itself instead of a text. */
export function isJsonType(mediaType: string): boolean {
  return /^application\/(?:[^;]*\+)?json\b/i.test(mediaType);
}

function attachmentFaults(attachments: unknown, path: JsonPath): readonly FormatFault[] {
  if (attachments === undefined) return [];
  if (!isObject(attachments)) return expect(false, path, "an object");
  return Object.entries(attachments).flatMap(([name, bundle]) => bundleFaults(bundle, [...path, name]));
}

/** Many tools write IDs and an older minor version, which Jupyter opens with a complaint: reported once. */
function earlyIds(cells: readonly unknown[], minor: unknown): readonly FormatFault[] {
  const index = cells.findIndex((cell) => isObject(cell) && "id" in cell);
  if (index < 0 || typeof minor !== "number") return [];
  const message = `Cell IDs require nbformat 4.5, and the notebook has 4.${minor}`;
  const remedy = "Set nbformat_minor to 5";
  return [{ path: ["cells", index, "id"], message, remedy, severity: "warning" }];
}

/** Many tools write a new minor version and no IDs, and Jupyter adds those: reported once. */
function missingIds(cells: readonly unknown[]): readonly FormatFault[] {
  const without = cells.flatMap((cell, index) => (isObject(cell) && !("id" in cell) ? index : []));
  const [first] = without;
  if (first === undefined) return [];
  const more = without.length - 1;
  const subject = more === 0 ? `Cell ${first + 1} has` : `Cell ${first + 1} and ${more} more have`;
  const message = `${subject} no ID, which nbformat 4.5 requires`;
  return [{ path: ["cells", first], message, remedy: RESAVE, severity: "warning" }];
}

function repeatedIds(cells: readonly unknown[]): readonly FormatFault[] {
  const seen = new Set<unknown>();
  return cells.flatMap((cell, index) => {
    const id = isObject(cell) ? cell["id"] : undefined;
    if (typeof id !== "string" || !seen.has(id)) {
      seen.add(id);
      return [];
    }
    const message = `An earlier cell also has the ID ${JSON.stringify(id)}`;
    return [{ path: ["cells", index, "id"], message, remedy: RESAVE }];
  });
}
