import type { Problem } from "../../problem/problem.ts";
import type { Step } from "./dockerfile-stages.ts";

/** What a check finds, before it is known in which file. */
export type Finding = Omit<Problem, "file" | "severity"> & Partial<Pick<Problem, "severity">>;

/** A finding at a step's line. */
export function finding(step: Step | undefined, code: string, message: string, remedy: string): Finding {
  if (!step) return { code, message, remedy };
  const { start } = step.instruction.getRange();
  return { code, message, remedy, line: step.line, column: start.character + 1 };
}
