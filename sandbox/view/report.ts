import pc from "picocolors";
import type { Operation, RunResult, StepOp } from "../engine/run.ts";
import { outputLines } from "./outputs.ts";
import { treeLines } from "./tree.ts";

/** A plan for people: the tree of what would change, and how much of each. */
export function reportLines(result: RunResult): string[] {
  return [
    "",
    pc.bold("Plan"),
    ...indented(treeLines(result.steps)),
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
  const counts = WORDS.flatMap(([op, planned, done]) => {
    const count = result.summary[op] ?? 0;
    return count === 0 ? [] : [`${count} ${operation === "preview" ? planned : done}`];
  });
  const what = counts.length === 0 ? "nothing to do" : counts.join(", ");
  if (result.cancelled)
    return pc.yellow(`Interrupted: ${what}. What was done is saved; run it again to go on.`);
  if (!result.ok) return pc.red(`Failed: ${what}.`);
  return operation === "preview" ? `${pc.bold("Plan:")} ${what}.` : `${pc.green("Done:")} ${what}.`;
}

/** Errors of steps and of the program, each once. */
function errorLines(result: RunResult): string[] {
  const ofSteps = result.steps.flatMap(({ error, type, name }) =>
    error ? [`${type.split(":").at(-1)} ${name}: ${error}`] : [],
  );
  const said = new Set(result.steps.map(({ error }) => error));
  const ofProgram = result.diagnostics
    .filter(({ severity, message }) => severity === "error" && !said.has(message))
    .map(({ message }) => message);
  const all = [...new Set([...ofSteps, ...ofProgram])];
  return all.flatMap((error) => ["", ...indented(error.trimEnd().split("\n")).map((line) => pc.red(line))]);
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
