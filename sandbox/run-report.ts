import { formatProblem, type LecternError } from "../components/problem/problem.ts";
import { type Operation, PLAN_VERSION, type RunEvent, type RunReport } from "../plan/model.ts";
import type { RunResult } from "./engine/run.ts";

type Progress = Extract<RunEvent, { type: "step-progress" }>;

/** A run of the sandbox's engine as a document that every view of `plan/` reads. */
export function runReport(result: RunResult, operation: Operation, progress: readonly Progress[]): RunReport {
  return {
    version: PLAN_VERSION,
    operation,
    ok: result.ok,
    ...(result.cancelled ? { cancelled: true } : {}),
    steps: result.steps,
    summary: result.summary,
    diagnostics: [...result.diagnostics],
    outputs: result.outputs,
    progress: progress.map(({ severity, message }) =>
      severity === "info" ? message : `${severity}: ${message}`,
    ),
  };
}

/** The same document for an operation that could not start. */
export function failedReport(error: LecternError): RunReport {
  const diagnostics = error.problems.map((problem) => ({
    severity: "error" as const,
    message: formatProblem(problem),
  }));
  return { version: PLAN_VERSION, ok: false, steps: [], summary: {}, diagnostics, outputs: {}, progress: [] };
}
