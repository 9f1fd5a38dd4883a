import { styleText } from "node:util";
import { labelOf } from "../label.ts";
import type { Plan, RunReport, StepOp } from "../model.ts";
import { type Columns, wrapped } from "./layout.ts";
import { outputLines } from "./outputs.ts";
import { rowCounts, treeLines } from "./tree.ts";

const UNLIMITED = Number.POSITIVE_INFINITY;

/** A plan for people: the tree of what would change, and how many resources of each kind. */
export function planLines(plan: Plan, columns: Columns = UNLIMITED): string[] {
  const tree = treeLines(plan.steps, { columns: columns - 2 });
  return [
    ...(tree.length === 0 ? [] : ["", styleText("bold", "Plan"), ...indented(tree)]),
    ...errorLines(plan, columns),
    "",
    ...wrapped(summaryLine(plan), columns),
  ];
}

/** What a run did, for people. */
export function resultLines(report: RunReport, columns: Columns = UNLIMITED): string[] {
  const outputs = report.ok && report.operation !== "destroy" ? outputLines(report.outputs, columns) : [];
  return [...errorLines(report, columns), "", ...wrapped(summaryLine(report), columns), ...outputs];
}

const VERBS: readonly (readonly [StepOp | "forget", string, string])[] = [
  ["create", "to create", "created"],
  ["update", "to update", "updated"],
  ["replace", "to replace", "replaced"],
  ["delete", "to delete", "deleted"],
  ["forget", "to forget", "forgotten"],
  ["same", "unchanged", "unchanged"],
];

function summaryLine({ steps, operation, ok, cancelled }: Plan): string {
  const rows = rowCounts(steps, ok && !cancelled);
  const counts = VERBS.flatMap(([op, planned, done]) => {
    const count = rows[op] ?? 0;
    return count === 0 ? [] : [`${count} ${operation === "preview" ? planned : done}`];
  });
  const failed = rows["failed"] ? [`${rows["failed"]} failed`] : [];
  const changes = [...failed, ...counts].join(", ");
  if (cancelled) {
    const advice = "Completed steps are saved; run the command again to continue.";
    return styleText("yellow", `Interrupted${changes && `: ${changes}`}. ${advice}`);
  }
  if (!ok) return styleText("red", failure(changes, operation, failed.length > 0));
  return operation === "preview"
    ? `${styleText("bold", "Plan:")} ${changes || "no changes"}.`
    : `${styleText("green", "Done:")} ${changes || "no changes"}.`;
}

/** What failed may have changed something all the same: a call whose answer was lost has perhaps arrived. */
function failure(changes: string, operation: Plan["operation"], isCounted: boolean): string {
  if (operation === "preview") return `Failed: the plan is incomplete${changes && ` (${changes})`}.`;
  return isCounted ? `${changes}.` : `Failed: ${changes || "nothing was changed"}.`;
}

/** Errors of steps and of the program, each once, below the resources that they are about. */
function errorLines({ steps, diagnostics }: Plan, columns: Columns): string[] {
  const failed = steps.filter((step) => step.error !== undefined);
  const byError = Map.groupBy(failed, ({ error = "" }) => withoutInput(error));
  const ofSteps = [...byError].flatMap(([error, steps]) => [
    "",
    styleText(["bold", "red"], `✗ ${[...new Set(steps.map(labelOf))].join(", ")}`),
    ...indented(readable(error, columns - 4)),
  ]);
  const shown = failed.map(({ error }) => error ?? "").join("\n");
  const ofProgram = diagnostics
    .filter(({ severity, message }) => severity === "error" && !shown.includes(message.trim()))
    .flatMap(({ message }) => ["", ...readable(message, columns - 2)]);
  return indented([...ofSteps, ...ofProgram]);
}

/** The engine puts the input's name before a problem with it; for an article that is its folder. */
const withoutInput = (error: string) => error.trimEnd().replaceAll(/^folder: /gm, "");

const readable = (error: string, columns: Columns) =>
  withoutInput(error)
    .split("\n")
    .flatMap((line) => wrapped(line, columns, 2));

const indented = (lines: readonly string[]) => lines.map((line) => (line === "" ? line : `  ${line}`));
