import { formatProblem, type LecternError } from "../../components/problem/problem.ts";
import type { Operation, RunResult } from "../engine/run.ts";

/** A run for machines: the shape of `--json`. */
export function jsonReport(
  result: RunResult,
  operation: Operation,
  progress: readonly string[],
): Record<string, unknown> {
  return {
    operation,
    ok: result.ok,
    ...(result.cancelled ? { cancelled: true } : {}),
    steps: result.steps.map(({ op, urn, type, name, changed, error }) => ({
      op,
      urn,
      type,
      name,
      changed,
      ...(error ? { error } : {}),
    })),
    summary: result.summary,
    outputs: result.outputs,
    diagnostics: result.diagnostics,
    /** What the providers said, line by line: what differs, what is waited for, what stays. */
    progress,
  };
}

/** The same shape where nothing could be run. */
export function failedReport(error: LecternError): Record<string, unknown> {
  const diagnostics = error.problems.map((problem) => ({
    severity: "error",
    message: formatProblem(problem),
  }));
  return { ok: false, steps: [], summary: {}, outputs: {}, diagnostics, progress: [] };
}
