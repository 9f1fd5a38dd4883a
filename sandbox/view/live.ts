import { styleText } from "node:util";
import ora from "ora";
import type { EngineEvent, Operation, StepReport } from "../engine/run.ts";
import { shortType, symbolOf } from "./tree.ts";

/** What happens while a run goes on: a line for each step that changed something, and what is in work. */
export interface LiveView {
  readonly onEvent: (event: EngineEvent) => void;
  end(): void;
}

const DONE: Record<string, string> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** Lines on `stream`; on a terminal also a spinner that names what is in work. */
export function liveView(operation: Operation, stream: NodeJS.WriteStream): LiveView {
  const inWork = new Map<string, string>();
  // Without a width a spinner can't tell how many lines to clear, and never stops clearing.
  const draws = stream.isTTY && stream.columns > 0;
  const spinner = draws ? ora({ stream, discardStdin: false }).start(READY) : undefined;
  const say = (line: string) => {
    spinner?.clear();
    stream.write(`${line}\n`);
    spinner?.render();
  };
  const show = () => {
    if (spinner) spinner.text = inWork.size === 0 ? READY : [...inWork.values()].slice(0, 3).join(", ");
  };
  const onEvent = (event: EngineEvent) => {
    if (event.type === "step-started") inWork.set(event.step.urn, nameOf(event.step));
    if (event.type === "step-progress") say(toldLine(event.message));
    if (event.type === "diagnostic" && event.diagnostic.severity !== "error") {
      const { message, severity } = event.diagnostic;
      say(toldLine(severity === "warning" ? `warning: ${message.trimEnd()}` : message.trimEnd()));
    }
    if (event.type === "step-finished") {
      inWork.delete(event.step.urn);
      const line = operation === "preview" ? undefined : finishedLine(event.step, event.milliseconds);
      if (line) say(line);
    }
    show();
  };
  return { onEvent, end: () => spinner?.stop() };
}

const READY = "the program is at work";

/** What a provider or the program says: quiet, unless it warns. */
function toldLine(message: string): string {
  const warns = /(^|: )warning: /.test(message);
  return warns
    ? styleText("yellow", `  ! ${message.replace("warning: ", "")}`)
    : styleText("dim", `    ${message}`);
}

const nameOf = (step: StepReport) => `${shortType(step.type)} ${step.name}`;

function finishedLine(step: StepReport, milliseconds: number): string | undefined {
  if (step.error) return `  ${styleText("red", "x")} ${nameOf(step)}  ${styleText("red", "failed")}`;
  const done = DONE[step.op];
  if (!done || !isShown(step)) return undefined;
  return `  ${symbolOf(step.op)} ${nameOf(step)}  ${done} ${styleText("dim", `${(milliseconds / 1000).toFixed(1)} s`)}`;
}

/** Components do nothing themselves, and the ledger is a part of its article. */
const isShown = ({ type }: StepReport) => !/^(lectern|pulumi):|:ArticleLedger$/.test(type);
