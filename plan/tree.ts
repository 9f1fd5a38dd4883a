import { styleText } from "node:util";
import { labelOf } from "./label.ts";
import type { Step } from "./model.ts";

/** A component with the steps of what is below it, or a resource of its own. */
interface Row {
  readonly label: string;
  readonly op: string;
  readonly changed: readonly string[];
  readonly failed: boolean;
  readonly children: readonly Row[];
}

const SYMBOLS: Record<string, string> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  read: "<",
  refresh: "<",
  same: "=",
};

const COLOURS: Record<string, "green" | "yellow" | "magenta" | "red"> = {
  create: "green",
  update: "yellow",
  replace: "magenta",
  delete: "red",
};

const STACK = "pulumi:pulumi:Stack";

/** A component is shown with the last of these that it or one of its parts has. */
const WEIGHT = ["same", "read", "refresh", "delete", "create", "update", "replace"];

/**
 * The steps as an indented tree, one line each. A part that has its component's own name is shown as
 * the component. Unchanged resources are left out unless `all` is set.
 */
export function treeLines(steps: readonly Step[], options: { all?: boolean } = {}): string[] {
  const shown = topRows(steps).filter((row) => options.all === true || !isQuiet(row));
  const width = Math.max(
    ...shown.flatMap((row) => [row, ...row.children]).map(({ label }) => label.length),
    0,
  );
  return shown.flatMap((row) => rowLines(row, "", width, options.all === true));
}

/** How many rows the tree has of each kind: people count rows, not the engine's steps. */
export function rowCounts(steps: readonly Step[]): Partial<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = (row: Row) => {
    if (!row.failed) counts[row.op] = (counts[row.op] ?? 0) + 1;
    row.children.forEach(count);
  };
  topRows(steps).forEach(count);
  return counts;
}

export function symbolOf(op: string): string {
  const symbol = SYMBOLS[op] ?? "?";
  return styleText(COLOURS[op] ?? "dim", symbol);
}

function topRows(steps: readonly Step[]): Row[] {
  const urns = new Set(steps.filter(({ type }) => type !== STACK).map(({ urn }) => urn));
  return steps
    .filter(({ type, parent }) => !type.startsWith("pulumi:") && !(parent && urns.has(parent)))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1))
    .map((step) => toRow(step, steps));
}

function toRow(step: Step, steps: readonly Step[]): Row {
  const below = steps.filter(({ parent }) => parent === step.urn);
  const isPart = ({ name, type }: Step) => name === step.name && !RESTART.test(type);
  const parts = below.filter(isPart);
  // A ledger alone says that an article was about to be created, not that it was.
  const counts = ({ type, error }: Step) => error !== undefined || !LEDGER.test(type);
  const own = parts.length === 0 || parts.some(counts) ? [step, ...parts] : [];
  return {
    label: labelOf(step),
    op: heaviest(own.map(({ op }) => op)),
    changed: own
      .flatMap(({ changed, op }) => (op === "create" ? [] : changed))
      .filter((path) => !NOTES.has(path)),
    failed: own.some(({ error }) => error !== undefined),
    children: below.filter((other) => !isPart(other)).map((other) => toRow(other, steps)),
  };
}

const LEDGER = /:ArticleLedger$/;

/** Inputs that a provider's check fills in: nobody changes them, so only `--json` lists them. */
const NOTES: ReadonlySet<string> = new Set(["validatedBy"]);

/** A restart ends running kernels, so it always has its own row. */
const RESTART = /:GatewayRestart$/;

/** The first three; `--json` has all of them. */
function shortened(changed: readonly string[]): string {
  const shown = changed.slice(0, 3).join(", ");
  return changed.length <= 3 ? shown : `${shown} and ${changed.length - 3} more`;
}

const heaviest = (ops: readonly string[]) =>
  ops.reduce((a, b) => (WEIGHT.indexOf(a) >= WEIGHT.indexOf(b) ? a : b), "same");

const isQuiet = (row: Row): boolean =>
  WEIGHT.indexOf(row.op) <= 2 && !row.failed && row.children.every(isQuiet);

function rowLines(row: Row, indent: string, width: number, all: boolean): string[] {
  const detail = row.changed.length > 0 ? `  ${styleText("dim", shortened(row.changed))}` : "";
  const outcome = row.failed ? styleText("red", "failed") : styleText(COLOURS[row.op] ?? "dim", row.op);
  const line = `${indent}${row.failed ? styleText("red", "x") : symbolOf(row.op)} ${row.label.padEnd(width)}  ${outcome}${detail}`;
  const children = row.children.filter((child) => all || !isQuiet(child));
  return [line, ...children.flatMap((child) => rowLines(child, `${indent}  `, width, all))];
}
