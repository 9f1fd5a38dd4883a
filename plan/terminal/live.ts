import { styleText } from "node:util";
import ora from "ora";
import { isForgotten, labelOf } from "../label.ts";
import type { Operation, RunEvent, Severity, Step } from "../model.ts";
import { type Columns, columnsOf, wrapped } from "./layout.ts";
import { symbolOf } from "./tree.ts";

/** A run while it goes on: one line for each step that changed something, and what is in progress. */
export interface LiveView {
  readonly onEvent: (event: RunEvent) => void;
  end(): void;
}

const DONE: Record<string, string> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/**
 * Writes lines to `stream`; on a terminal also a spinner that names what is in progress.
 * @param told what earlier views have reported, which is not reported again; this one adds what it reports
 */
export function liveView(
  operation: Operation,
  stream: NodeJS.WriteStream,
  told: Set<string> = new Set(),
): LiveView {
  const running = new Map<string, string>();
  // Without a width a spinner can't tell how many lines to clear, and never stops clearing.
  const draws = stream.isTTY && stream.columns > 0;
  const spinner = draws ? ora({ stream, discardStdin: false }).start(IDLE) : undefined;
  const write = (line: string) => {
    spinner?.clear();
    stream.write(`${line}\n`);
    spinner?.render();
  };
  const updateSpinner = () => {
    if (spinner) spinner.text = running.size === 0 ? IDLE : [...running.values()].slice(0, 3).join(", ");
  };
  const onEvent = (event: RunEvent) => {
    if (event.type === "step-started") running.set(event.step.urn, labelOf(event.step));
    if (event.type === "step-finished") running.delete(event.step.urn);
    const line = lineOf(event, operation, columnsOf(stream));
    if (line !== undefined && !isKnown(event, told)) write(line);
    updateSpinner();
  };
  return { onEvent, end: () => spinner?.stop() };
}

/** Whether a line of progress or information was written before: clusters may share what it is about. */
function isKnown(event: RunEvent, told: Set<string>): boolean {
  const said = event.type === "diagnostic" ? event.diagnostic : event;
  if (!("severity" in said) || (event.type === "diagnostic" && said.severity !== "info")) return false;
  const text = `${said.severity}: ${said.message}`;
  const known = told.has(text);
  told.add(text);
  return known;
}

const IDLE = "running the program";

function lineOf(event: RunEvent, operation: Operation, columns: Columns): string | undefined {
  switch (event.type) {
    case "step-started":
      return undefined;
    case "step-progress":
      return messageLine(event.severity, event.message, columns);
    case "diagnostic":
      // An error is shown with the result, below the resource that it is about.
      return event.diagnostic.severity === "error"
        ? undefined
        : messageLine(event.diagnostic.severity, event.diagnostic.message, columns);
    case "step-finished":
      return operation === "preview" ? undefined : finishedLine(event.step, event.milliseconds);
  }
}

/** What a provider or the program reports: dimmed, unless it is a warning. */
function messageLine(severity: Severity, message: string, columns: Columns): string {
  const lead = severity === "info" ? "    " : "  ! ";
  const text = message.trimEnd().replaceAll("\n", "\n      ");
  const lines = wrapped(`${lead}${text}`, columns, 6).join("\n");
  return styleText(severity === "info" ? "dim" : "yellow", lines);
}

function finishedLine(step: Step, milliseconds: number): string | undefined {
  if (step.error) return `  ${styleText("red", "✗")} ${labelOf(step)}  ${styleText("red", "failed")}`;
  const done = isForgotten(step) ? "forgotten" : DONE[step.op];
  if (!done || !isShown(step)) return undefined;
  const seconds = (milliseconds / 1000).toFixed(1);
  return `  ${symbolOf(step.op)} ${labelOf(step)}  ${done} ${styleText("dim", `(${seconds} s)`)}`;
}

/** A component does nothing itself, and a ledger is part of its article. */
const isShown = ({ type }: Step) => !/^(lectern|pulumi):|:ArticleLedger$/.test(type);
