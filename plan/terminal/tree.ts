import { styleText } from "node:util";
import { changeLines } from "../../components/hub/objects/change-lines.ts";
import { componentOf, isForgotten, isPart, labelOf } from "../label.ts";
import type { Step } from "../model.ts";
import { type Columns, wrapped } from "./layout.ts";

/** A component with the steps of what is below it, or a resource of its own. */
interface Row {
  readonly urn: string;
  readonly label: string;
  readonly op: string;
  readonly changed: readonly string[];
  readonly failed: boolean;
  /** Whether only the ledger of an article was dealt with: it says that one was about to be created. */
  readonly isAnnounced: boolean;
  readonly children: readonly Row[];
  /** What changes of a hub in its cluster, and what users notice. */
  readonly details: readonly string[];
  /** Whether it is a component, which does nothing itself, with nothing below it. */
  readonly empty: boolean;
  /** Whether only what is below it tells of it: a component without a step of its own, and without a part. */
  readonly isImplied: boolean;
}

const SYMBOLS: Record<string, string> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  forget: "-",
  read: "<",
  refresh: "<",
  same: "=",
};

const COLOURS: Record<string, "green" | "yellow" | "magenta" | "red"> = {
  create: "green",
  update: "yellow",
  replace: "magenta",
  delete: "red",
  forget: "red",
};

const STACK = "pulumi:pulumi:Stack";

/** A component is shown with the last of these that it or one of its parts has. */
const WEIGHT = ["same", "read", "refresh", "delete", "forget", "create", "update", "replace"];

/** How a tree is shown. */
interface TreeOptions {
  /** Whether unchanged resources are shown too. */
  readonly all?: boolean;
  /** @default no limit */
  readonly columns?: Columns;
}

/**
 * The steps as an indented tree, one row each. A part that has its component's own name is shown as
 * the component. What a row has no room for follows on lines of its own.
 */
export function treeLines(steps: readonly Step[], options: TreeOptions = {}): string[] {
  const { all = false, columns = Number.POSITIVE_INFINITY } = options;
  const rows = topRows(steps).flatMap((row) => flat(row, 0, all));
  const width = Math.max(...rows.map(({ row, depth }) => row.label.length + 2 * depth), 0);
  return rows.flatMap(({ row, depth }) => rowLines(row, depth, width, columns));
}

/** The rows of the tree that something happens to, as data. */
export function changedRows(
  steps: readonly Step[],
): Pick<Row, "urn" | "label" | "op" | "changed" | "details">[] {
  return topRows(steps)
    .flatMap((row) => flat(row, 0, false))
    .map(({ row }) => row)
    .filter((row) => WEIGHT.indexOf(row.op) > 2 || row.failed || row.details.length > 0);
}

function flat(row: Row, depth: number, all: boolean): { row: Row; depth: number }[] {
  if (!all && isQuiet(row)) return [];
  return [{ row, depth }, ...row.children.flatMap((child) => flat(child, depth + 1, all))];
}

/**
 * How many rows the tree has of each kind, and how many `failed`: people count rows, not the engine's steps.
 * What exists only as an announcement is not counted, nor is a component that only what is below it tells of.
 * @param complete whether the run came to its end; if not, an empty component says nothing of its parts
 */
export function rowCounts(steps: readonly Step[], complete: boolean): Partial<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = (row: Row) => {
    const kind = row.failed ? "failed" : row.op;
    const exists = !row.isAnnounced && !row.isImplied && (complete || !row.empty);
    if (row.failed || exists) counts[kind] = (counts[kind] ?? 0) + 1;
    row.children.forEach(count);
  };
  topRows(steps).forEach(count);
  return counts;
}

export function symbolOf(op: string): string {
  const symbol = SYMBOLS[op] ?? "?";
  return styleText(COLOURS[op] ?? "dim", symbol);
}

function topRows(ended: readonly Step[]): Row[] {
  const implied = missingComponents(ended);
  const steps = [...ended, ...implied];
  const tree = { below: Map.groupBy(steps, ({ parent }) => parent), implied: new Set(implied) };
  const urns = new Set(steps.filter(({ type }) => type !== STACK).map(({ urn }) => urn));
  return steps
    .filter(({ type, parent }) => !type.startsWith("pulumi:") && !(parent && urns.has(parent)))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1))
    .map((step) => toRow(step, tree));
}

/** The components of steps that have none among them. */
function missingComponents(steps: readonly Step[]): Step[] {
  const urns = new Set(steps.map(({ urn }) => urn));
  const components = steps.flatMap((step) => componentOf(step) ?? []).filter(({ urn }) => !urns.has(urn));
  return [...new Map(components.map((component) => [component.urn, component])).values()];
}

interface Tree {
  /** The steps by their parent's URN. */
  readonly below: ReadonlyMap<string | undefined, readonly Step[]>;
  /** The components that have no step themselves. */
  readonly implied: ReadonlySet<Step>;
}

function toRow(step: Step, tree: Tree): Row {
  const below = tree.below.get(step.urn) ?? [];
  const parts = below.filter(isPart);
  const counts = ({ type, error }: Step) => error !== undefined || !LEDGER.test(type);
  const own = parts.length === 0 || parts.some(counts) ? [step, ...parts] : [];
  const details = [step, ...parts].flatMap(({ objects }) => (objects ? changeLines(objects).slice(1) : []));
  return {
    urn: step.urn,
    label: labelOf(step),
    op: heaviest(own.map((one) => (isForgotten(one) ? "forget" : one.op))),
    changed: [...new Set(changedIn(own, details.length > 0))],
    details,
    isAnnounced: own.length === 0,
    failed: own.some(({ error }) => error !== undefined),
    children: below.filter((other) => !isPart(other)).map((other) => toRow(other, tree)),
    empty: below.length === 0 && step.type.startsWith("lectern:"),
    isImplied: tree.implied.has(step) && parts.length === 0,
  };
}

const LEDGER = /:ArticleLedger$/;

/** Inputs that nobody changes, so only `--json` lists them: what a provider's check fills in, and a hub's digest. */
const NOTES: ReadonlySet<string> = new Set(["validatedBy", "change"]);

const changedIn = (steps: readonly Step[], hasDetails: boolean) =>
  steps
    .filter(({ op }) => op !== "create")
    .flatMap((one) => changedOf(one, hasDetails))
    .filter((path) => !NOTES.has(path));

const RELEASE = /:Release$/;

/** What changes of a step. A release is described by the digest of its chart and values, which says nothing itself. */
function changedOf({ type, changed }: Step, hasDetails: boolean): readonly string[] {
  if (!RELEASE.test(type)) return changed;
  const others = changed.filter((path) => path !== "description");
  if (others.length === 0 && !hasDetails) return changed.map(() => "files of the chart");
  return hasDetails ? others.filter((path) => !/^values\b/.test(path)) : others;
}

/** The first three; `--json` has all of them. */
function shortened(changed: readonly string[]): string {
  const shown = changed.slice(0, 3).join(", ");
  return changed.length <= 3 ? shown : `${shown} and ${changed.length - 3} more`;
}

const heaviest = (ops: readonly string[]) =>
  ops.reduce((a, b) => (WEIGHT.indexOf(a) >= WEIGHT.indexOf(b) ? a : b), "same");

const isQuiet = (row: Row): boolean =>
  WEIGHT.indexOf(row.op) <= 2 && !row.failed && row.details.length === 0 && row.children.every(isQuiet);

/** The longest of the words that say what happens to a row, such as `replace`. */
const OUTCOME_WIDTH = 7;

function rowLines(row: Row, depth: number, width: number, columns: Columns): string[] {
  const hanging = 2 * depth + 2;
  const details = row.details.flatMap((detail) =>
    wrapped(`${" ".repeat(hanging)}${detail}`, columns, hanging + 4),
  );
  return [...headLines(row, depth, width, columns), ...details.map((line) => styleText("dim", line))];
}

function headLines(row: Row, depth: number, width: number, columns: Columns): string[] {
  const indent = " ".repeat(2 * depth);
  const outcome = row.failed ? "failed" : row.op;
  const sign = row.failed ? styleText("red", "✗") : symbolOf(row.op);
  const colour = row.failed ? "red" : (COLOURS[row.op] ?? "dim");
  // Where the columns have no room, the sign alone says what happens.
  const fits = width + OUTCOME_WIDTH + 4 <= columns;
  const head = fits
    ? `${indent}${sign} ${row.label.padEnd(width - 2 * depth)}  ${styleText(colour, outcome)}`
    : `${indent}${sign} ${row.label}`;
  if (row.changed.length === 0) return [head];
  const detail = shortened(row.changed);
  if (fits && width + outcome.length + detail.length + 6 <= columns) {
    return [`${head}  ${styleText("dim", detail)}`];
  }
  const hanging = 2 * depth + 4;
  const below = wrapped(`${" ".repeat(hanging)}${detail}`, columns, hanging);
  return [head, ...below.map((line) => styleText("dim", line))];
}
