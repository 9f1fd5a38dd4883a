import { randomUUID } from "node:crypto";
import { systemClock } from "./clock.ts";
import { type ContextParts, makeContext, type ProviderContext } from "./context.ts";

/** What CI gives each run, so that no configuration holds it: key to environment variable. */
const FROM_CI: Readonly<Record<string, string>> = {
  repoReadToken: "LECTERN_REPO_READ_TOKEN",
  runAttempt: "GITHUB_RUN_ATTEMPT",
};

const INTERRUPTED = new AbortController();
let listening = false;
let survives = false;
let inProgress = 0;

/**
 * Aborted when this process is asked to end by SIGINT: what it has in progress still gets its reply, and
 * it ends then. A second SIGINT ends it at once.
 */
export function interruption(): AbortSignal {
  if (!listening) {
    listening = true;
    process.once("SIGINT", () => {
      INTERRUPTED.abort(new Error("interrupted"));
      endWhenIdle();
    });
  }
  return INTERRUPTED.signal;
}

/** For an engine that interrupts this process to hurry it, may still call it, and ends it by itself. */
export function surviveInterruption(): void {
  survives = true;
  interruption();
}

/** Does what a call asks for; an interrupted process ends after the last one. */
export async function replying<T>(work: () => Promise<T>): Promise<T> {
  inProgress++;
  try {
    return await work();
  } finally {
    inProgress--;
    endWhenIdle();
  }
}

/** Pulumi interrupts a plugin when it is done with it, and waits up to five seconds until it ends. */
function endWhenIdle(): void {
  if (!INTERRUPTED.signal.aborted || survives || inProgress > 0) return;
  // The last reply is still being written.
  setTimeout(() => inProgress === 0 && process.exit(0), 50);
}

/**
 * The context of a process that hosts providers: its clock, its network, and one run for as long as it
 * lives, as every custom resource of a deployment has its provider in the same process.
 */
export function processContext(
  raw: (key: string) => string | undefined,
  report: ContextParts["report"],
): ProviderContext {
  return makeContext({
    raw: (key) => raw(key) ?? process.env[FROM_CI[key] ?? ""],
    fetch: globalThis.fetch,
    clock: systemClock,
    report,
    run: randomUUID(),
    signal: interruption(),
  });
}
