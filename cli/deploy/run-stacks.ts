import pLimit from "p-limit";
import type { LiveThing } from "../../plan/notification/live-thing.ts";
import type { Phase } from "./schedule.ts";

/** How the deployment of a stack ended. */
export interface StackOutcome {
  readonly ok: boolean;
  /** How many resources each operation had: `{create: 2, same: 40}`. */
  readonly changes: Readonly<Record<string, number>>;
  /** What the engine reported as errors; one line each, or several. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** What was done, as people know it. */
  readonly live: readonly LiveThing[];
}

/** What became of a stack in a run over many. */
export interface StackResult extends StackOutcome {
  readonly stack: string;
  readonly environment: Phase["environment"];
  readonly state: "deployed" | "failed" | "interrupted" | "not started";
  readonly seconds: number;
  /** When it ended, ISO 8601; undefined where it was not started. */
  readonly ended?: string;
  /** Why it was not started. */
  readonly reason?: string;
}

export interface RunOptions {
  /** How many stacks run at a time. */
  readonly jobs: number;
  /** Aborted where a person interrupts: what runs ends in order, and nothing else is started. */
  readonly signal: AbortSignal;
  readonly deploy: (stack: string) => Promise<StackOutcome>;
  readonly now?: () => number;
  readonly onStart?: (stack: string, phase: Phase) => void;
  readonly onEnd?: (result: StackResult) => void;
}

const NOTHING = { ok: false, changes: {}, errors: [], warnings: [], live: [] } as const;

/**
 * Deploys stacks phase by phase. A stack that fails stops no other one of its phase, and a failed staging stack no
 * production stack: the gate in each program holds what is not proven. A failed wave stops the later ones.
 */
export async function runStacks(phases: readonly Phase[], options: RunOptions): Promise<StackResult[]> {
  const results: StackResult[] = [];
  for (const phase of phases) {
    const reason = stopping(results, options.signal);
    if (reason !== undefined) {
      results.push(...phase.stacks.map((stack) => notStarted(stack, phase, reason)));
      continue;
    }
    const limit = pLimit(options.jobs);
    results.push(
      ...(await Promise.all(phase.stacks.map((stack) => limit(() => runOne(stack, phase, options))))),
    );
  }
  return results;
}

function stopping(results: readonly StackResult[], signal: AbortSignal): string | undefined {
  if (signal.aborted) return "interrupted before";
  const failed = results.find(({ environment, state }) => environment === "prod" && state !== "deployed");
  return failed && `the wave before it stopped at ${failed.stack}`;
}

const notStarted = (stack: string, { environment }: Phase, reason: string): StackResult => ({
  ...NOTHING,
  stack,
  environment,
  state: "not started",
  seconds: 0,
  reason,
});

async function runOne(stack: string, phase: Phase, options: RunOptions): Promise<StackResult> {
  const { signal, deploy, now = Date.now, onStart, onEnd } = options;
  if (signal.aborted) return notStarted(stack, phase, "interrupted before");
  onStart?.(stack, phase);
  const begun = now();
  const outcome = await deploy(stack).catch((error: unknown) => ({
    ...NOTHING,
    errors: [error instanceof Error ? error.message : String(error)],
  }));
  const state = outcome.ok ? "deployed" : signal.aborted ? "interrupted" : "failed";
  const end = now();
  const [seconds, ended] = [(end - begun) / 1000, new Date(end).toISOString()];
  const result: StackResult = { ...outcome, stack, environment: phase.environment, state, seconds, ended };
  onEnd?.(result);
  return result;
}
