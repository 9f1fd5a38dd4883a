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
export function formatFaults(notebook: unknown): FormatFault[] {
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
  if (!isText(value)) return undefined;
  return typeof value === "string" ? value : value.join("");
}

function isText(value: unknown): value is string | string[] {
  return (
    typeof value === "string" || (Array.isArray(value) && value.every((piece) => typeof piece === "string"))
  );
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function expect(holds: boolean, path: JsonPath, what: string): FormatFault[] {
  return holds ? [] : [{ path, message: `${String(path.at(-1))} is not ${what}`, remedy: RESAVE }];
}

function metadataFaults(metadata: unknown): FormatFault[] {
  if (!isObject(metadata)) return expect(false, ["metadata"], "an object");
  const { kernelspec, language_info: language } = metadata;
  return [
    ...(kernelspec === undefined
      ? []
      : textFields(kernelspec, ["metadata", "kernelspec"], ["name", "display_name"])),
    ...(language === undefined ? [] : textFields(language, ["metadata", "language_info"], ["name"])),
  ];
}

function textFields(value: unknown, path: JsonPath, names: readonly string[]): FormatFault[] {
  if (!isObject(value)) return expect(false, path, "an object");
  return names.flatMap((name) => expect(typeof value[name] === "string", [...path, name], "a text"));
}

function cellFaults(cell: unknown, path: JsonPath, needsId: boolean): FormatFault[] {
  if (!isObject(cell)) return expect(false, path, "a cell");
  const type = cell["cell_type"];
  const known = type === "code" || type === "markdown" || type === "raw";
  return [
    ...expect(known, [...path, "cell_type"], '"code", "markdown" or "raw"'),
    ...expect(isObject(cell["metadata"]), [...path, "metadata"], "an object"),
    ...expect(isText(cell["source"]), [...path, "source"], "a string or a list of strings"),
    ...(needsId && "id" in cell
      ? expect(isId(cell["id"]), [...path, "id"], "an ID of 1 to 64 letters, digits, - and _")
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
function codeOnlyFaults(cell: Json, path: JsonPath): FormatFault[] {
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

function codeFaults(cell: Json, path: JsonPath): FormatFault[] {
  const { outputs, execution_count: count } = cell;
  const faults = expect(isExecutionCount(count), [...path, "execution_count"], "a whole number or null");
  if (!Array.isArray(outputs)) return [...faults, ...expect(false, [...path, "outputs"], "a list")];
  return [
    ...faults,
    ...outputs.flatMap((output: unknown, index) => outputFaults(output, [...path, "outputs", index])),
  ];
}

function outputFaults(output: unknown, path: JsonPath): FormatFault[] {
  if (!isObject(output)) return expect(false, path, "an output");
  const type = output["output_type"];
  if (type === "stream") {
    return [
      ...expect(typeof output["name"] === "string", [...path, "name"], "a text"),
      ...expect(isText(output["text"]), [...path, "text"], "a string or a list of strings"),
    ];
  }
  if (type === "error") {
    const { traceback } = output;
    return [
      ...textFields(output, path, ["ename", "evalue"]),
      ...expect(Array.isArray(traceback) && isText(traceback), [...path, "traceback"], "a list of strings"),
    ];
  }
  if (type !== "display_data" && type !== "execute_result") {
    const kinds = '"stream", "display_data", "execute_result" or "error"';
    return expect(false, [...path, "output_type"], kinds);
  }
  const counted = type === "display_data" || isExecutionCount(output["execution_count"]);
  return [
    ...expect(counted, [...path, "execution_count"], "a whole number or null"),
    ...expect(isObject(output["metadata"]), [...path, "metadata"], "an object"),
    ...bundleFaults(output["data"], [...path, "data"]),
  ];
}

/** Data by media type: JSON types hold any value, the others a text. */
function bundleFaults(data: unknown, path: JsonPath): FormatFault[] {
  if (!isObject(data)) return expect(false, path, "an object");
  return Object.entries(data).flatMap(([type, value]) =>
    expect(isJsonType(type) || isText(value), [...path, type], "a string or a list of strings"),
  );
}

/** Whether data of this media type is JSON itself instead of a text. */
export function isJsonType(mediaType: string): boolean {
  return /^application\/(?:[^;]*\+)?json\b/i.test(mediaType);
}

function attachmentFaults(attachments: unknown, path: JsonPath): FormatFault[] {
  if (attachments === undefined) return [];
  if (!isObject(attachments)) return expect(false, path, "an object");
  return Object.entries(attachments).flatMap(([name, bundle]) => bundleFaults(bundle, [...path, name]));
}

/** Many tools write IDs and an older minor version, which Jupyter opens with a complaint: reported once. */
function earlyIds(cells: readonly unknown[], minor: unknown): FormatFault[] {
  const index = cells.findIndex((cell) => isObject(cell) && "id" in cell);
  if (index < 0 || typeof minor !== "number") return [];
  const message = `Cell IDs require nbformat 4.5, and the notebook has 4.${minor}`;
  const remedy = "Set nbformat_minor to 5";
  return [{ path: ["cells", index, "id"], message, remedy, severity: "warning" }];
}

/** Many tools write a new minor version and no IDs, and Jupyter adds those: reported once. */
function missingIds(cells: readonly unknown[]): FormatFault[] {
  const without = cells.flatMap((cell, index) => (isObject(cell) && !("id" in cell) ? index : []));
  const [first] = without;
  if (first === undefined) return [];
  const more = without.length - 1;
  const subject = more === 0 ? `Cell ${first + 1} has` : `Cell ${first + 1} and ${more} more have`;
  const message = `${subject} no ID, which nbformat 4.5 requires`;
  return [{ path: ["cells", first], message, remedy: RESAVE, severity: "warning" }];
}

function repeatedIds(cells: readonly unknown[]): FormatFault[] {
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
