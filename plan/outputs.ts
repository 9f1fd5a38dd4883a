import { styleText } from "node:util";
import Table from "cli-table3";
import { isObject } from "../components/json.ts";

/** A stack's outputs for people: a table for each map of records, a line for any other value. */
export function outputLines(outputs: Readonly<Record<string, unknown>>): string[] {
  const forMachines: string[] = [];
  const lines = Object.entries(outputs)
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, value]) => {
      const rows = isObject(value) ? Object.entries(value) : [];
      if (rows.length === 0) return isObject(value) ? [] : ["", `${heading(name)}: ${shown(value)}`];
      const found = table(rows);
      if (found.length === 0) forMachines.push(`${name} of ${rows.map(([key]) => key).join(", ")}`);
      return found.length === 0 ? [] : ["", styleText("bold", heading(name)), ...found];
    });
  if (forMachines.length === 0) return lines;
  return [...lines, "", styleText("dim", `Also in the outputs (--json): ${forMachines.join("; ")}`)];
}

/** What course authors look for comes first. */
const FIRST = ["articles", "kernels", "aliases"];
const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** The columns are the fields for people that at least one row has. */
function table(rows: readonly (readonly [string, unknown])[]): string[] {
  const fields = [...new Set(rows.flatMap(([, value]) => (isObject(value) ? Object.keys(value) : [])))];
  const columns = COLUMN_ORDER.filter((field) => fields.includes(field));
  if (columns.length === 0) return [];
  const head = ["", ...columns.map((column) => styleText("dim", heading(column)))];
  const view = new Table({ head, style: { head: [], border: [] }, chars: NO_BORDERS });
  for (const [key, value] of rows) {
    view.push([key, ...columns.map((column) => shown(isObject(value) ? value[column] : undefined))]);
  }
  return view
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** Other fields are for machines: they are in `--json`. */
const COLUMN_ORDER = ["title", "displayName", "name", "tag", "image", "digest", "status", "url"];

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
