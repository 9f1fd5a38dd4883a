import type { Operation, RunResult } from "../engine/run.ts";

/** A run for machines: the shape of `--json`. */
export function jsonReport(result: RunResult, operation: Operation): Record<string, unknown> {
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
  };
}
