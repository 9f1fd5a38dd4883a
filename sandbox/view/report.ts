import { styleText } from "node:util";
import type { Operation, RunResult, StepOp } from "../engine/run.ts";
import { outputLines } from "./outputs.ts";
import { rowCounts, shortType, treeLines } from "./tree.ts";

/** A plan for people: the tree of what would change, and how much of each. */
export function reportLines(result: RunResult): string[] {
  const tree = treeLines(result.steps);
  return [
    ...(tree.length === 0 ? [] : ["", styleText("bold", "Plan"), ...indented(tree)]),
    ...errorLines(result),
    "",
    summaryLine(result, "preview"),
  ];
}

/** What a run did, for people. */
export function resultLines(result: RunResult, operation: Operation): string[] {
  const outputs = result.ok && operation !== "destroy" ? outputLines(result.outputs) : [];
  return [...errorLines(result), "", summaryLine(result, operation), ...outputs];
}

const WORDS: readonly (readonly [StepOp, string, string])[] = [
  ["create", "to create", "created"],
  ["update", "to update", "updated"],
  ["replace", "to replace", "replaced"],
  ["delete", "to delete", "deleted"],
  ["same", "unchanged", "unchanged"],
];

function summaryLine(result: RunResult, operation: Operation): string {
  const rows = rowCounts(result.steps);
  const counts = WORDS.flatMap(([op, planned, done]) => {
    const count = rows[op] ?? 0;
    return count === 0 ? [] : [`${count} ${operation === "preview" ? planned : done}`];
  });
  const what =
    counts.length === 0 ? (result.ok ? "nothing to do" : "nothing was changed") : counts.join(", ");
  if (result.cancelled)
    return styleText("yellow", `Interrupted: ${what}. What was done is saved; run it again to go on.`);
  if (!result.ok) return styleText("red", `Failed: ${what}.`);
  return operation === "preview"
    ? `${styleText("bold", "Plan:")} ${what}.`
    : `${styleText("green", "Done:")} ${what}.`;
}

/** Errors of steps and of the program, each once, below the thing that they are about. */
function errorLines(result: RunResult): string[] {
  const failed = result.steps.filter((step) => step.error !== undefined);
  const byError = Map.groupBy(failed, ({ error }) => error ?? "");
  const ofSteps = [...byError].flatMap(([error, steps]) => [
    "",
    styleText(["bold", "red"], `x ${steps.map(({ type, name }) => `${shortType(type)} ${name}`).join(", ")}`),
    ...indented(readable(error)),
  ]);
  const said = failed.map(({ error }) => error ?? "").join("\n");
  const ofProgram = result.diagnostics
    .filter(({ severity, message }) => severity === "error" && !said.includes(message.trim()))
    .flatMap(({ message }) => ["", ...readable(message)]);
  return indented([...ofSteps, ...ofProgram]);
}

/** The engine puts the input's name before what is wrong with it; of an article that is its folder. */
const readable = (error: string) =>
  error
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^folder: /, ""));

const indented = (lines: readonly string[]) => lines.map((line) => (line === "" ? line : `  ${line}`));
