import { LecternError } from "../../problem/problem.ts";
import type { Transport } from "./transport/transport.ts";

/** A change of one kernel on one host, and how it is taken back. */
export interface HostStep {
  readonly host: Transport;
  /** What it does, for errors: `write kernel.json`. */
  readonly what: string;
  apply(): Promise<void>;
  /** Brings back what was there; also right where `apply` did nothing, or half of it. */
  undo(): Promise<void>;
}

/**
 * Applies the steps one host after the other, then `verify`. Whatever fails, every host gets back
 * what it had, and the error names the host, the step, and what was restored.
 */
export async function applyOrRestore(
  kernel: string,
  steps: readonly HostStep[],
  verify: () => Promise<void>,
): Promise<void> {
  const begun: HostStep[] = [];
  let current = "";
  try {
    for (const step of steps) {
      current = `${step.host.host}: ${step.what}`;
      begun.push(step);
      await step.apply();
    }
    current = "verification";
    await verify();
  } catch (error) {
    throw failed(kernel, current, error, await restore(begun));
  }
}

async function restore(steps: readonly HostStep[]): Promise<string> {
  const restored: string[] = [];
  const lost: string[] = [];
  for (const step of steps.toReversed()) {
    try {
      await step.undo();
      restored.push(step.host.host);
    } catch (error) {
      lost.push(`${step.host.host} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  const parts = [
    restored.length > 0 ? `what was there before is restored on ${restored.join(", ")}` : "",
    lost.length > 0 ? `NOT restored on ${lost.join(", ")}` : "",
  ];
  return parts.filter((part) => part).join("; ") || "nothing was changed";
}

function failed(kernel: string, current: string, error: unknown, restored: string): LecternError {
  const known = error instanceof LecternError ? error.problems[0] : undefined;
  const what = known?.message ?? (error instanceof Error ? error.message : String(error));
  return new LecternError({
    code: "kernelspec-failed",
    severity: "error",
    message: `kernel ${kernel}: ${current}: ${what}; ${restored}`,
    remedy: known?.remedy ?? "Fix the cause, then run again: the next run continues from what is there",
  });
}
