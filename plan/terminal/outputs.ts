import { styleText } from "node:util";
import Table from "cli-table3";
import { isObject } from "../../components/json.ts";
import { type Columns, widthOf, wrapped } from "./layout.ts";

/**
 * A stack's outputs for people: a table for each map of records, or one record below the other where the
 * columns have no room for it; a line for any other value.
 */
export function outputLines(
  outputs: Readonly<Record<string, unknown>>,
  columns: Columns = Number.POSITIVE_INFINITY,
): string[] {
  const forMachines: string[] = [];
  const lines = Object.entries(outputs)
    .filter(([name]) => !INTERNAL.has(name))
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, value]) => {
      const rows = isObject(value) ? Object.entries(value) : [];
      if (rows.length === 0) return isObject(value) ? [] : ["", `${heading(name)}: ${shown(value)}`];
      const found = records(rows, columns);
      if (found.length === 0) forMachines.push(`${name} of ${rows.map(([key]) => key).join(", ")}`);
      return found.length === 0 ? [] : ["", styleText("bold", heading(name)), ...found];
    });
  if (forMachines.length === 0) return lines;
  const more = wrapped(`Also in the outputs (--json): ${forMachines.join("; ")}`, columns, 2);
  return [...lines, "", ...more.map((line) => styleText("dim", line))];
}

/** Kept for the next deployment alone. */
const INTERNAL = new Set(["hubDeployments", "hubChanges", "clusters"]);

/** What course authors look for comes first. */
const FIRST = ["articles", "kernels", "hubs", "aliases"];
const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

type Rows = readonly (readonly [string, unknown])[];

/** The fields for people that at least one row has, as a table if it fits. */
function records(rows: Rows, columns: Columns): string[] {
  const fields = FIELDS.filter((field) => rows.some(([, value]) => fieldOf(value, field) !== undefined));
  if (fields.length === 0) return [];
  const lines = table(rows, fields);
  return lines.every((line) => widthOf(line) <= columns) ? lines : list(rows, fields, columns);
}

function table(rows: Rows, fields: readonly string[]): string[] {
  const head = ["", ...fields.map((field) => styleText("dim", heading(field)))];
  const view = new Table({ head, style: { head: [], border: [] }, chars: NO_BORDERS });
  for (const [key, value] of rows) view.push([key, ...fields.map((field) => shown(fieldOf(value, field)))]);
  return view
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

function list(rows: Rows, fields: readonly string[], columns: Columns): string[] {
  return rows.flatMap(([key, value]) => [
    ` ${key}`,
    ...fields
      .map((field) => fieldOf(value, field))
      .filter((found) => found !== undefined)
      .flatMap((found) => wrapped(`   ${shown(found)}`, columns, 3)),
  ]);
}

function fieldOf(record: unknown, field: string): unknown {
  if (!isObject(record)) return undefined;
  return field === "healthy" ? health(record) : record[field];
}

/** What counts as healthy to the gate although nothing was checked is not called so. */
function health({ healthy, since }: Readonly<Record<string, unknown>>): string | undefined {
  if (healthy === undefined) return undefined;
  if (healthy === false) return "no";
  if (since === undefined) return undefined;
  return since === "" ? "not checked" : "yes";
}

/** Other fields are for machines: they are in `--json`. */
const FIELDS = [
  "title",
  "displayName",
  "name",
  "tag",
  "image",
  "digest",
  "status",
  "chart",
  "healthy",
  "url",
  "reason",
];

const BORDERS = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left"];
const MORE_BORDERS = ["bottom-right", "left", "left-mid", "mid", "mid-mid", "right", "right-mid"];
const NO_BORDERS = {
  ...Object.fromEntries([...BORDERS, ...MORE_BORDERS].map((name) => [name, ""])),
  middle: "  ",
};

function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "-";
  if (typeof value !== "string") return JSON.stringify(value);
  return value.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, "sha256:$1…");
}

const heading = (name: string) =>
  name === "url"
    ? "URL"
    : name.charAt(0).toUpperCase() + name.slice(1).replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
