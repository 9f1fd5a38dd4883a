import { randomUUID } from "node:crypto";
import { systemClock } from "./clock.ts";
import { type ContextParts, makeContext, type ProviderContext } from "./context.ts";

/** What CI gives each run, so that no configuration holds it: key to environment variable. */
const FROM_CI: Readonly<Record<string, string>> = { repoReadToken: "LECTERN_REPO_READ_TOKEN" };

const INTERRUPTED = new AbortController();
let listening = false;

/**
 * Aborted when this process is asked to end by SIGINT, which it survives: what it has in progress still
 * gets its reply. A second one ends it.
 */
export function interruption(): AbortSignal {
  if (!listening) {
    listening = true;
    process.once("SIGINT", () => INTERRUPTED.abort(new Error("interrupted")));
  }
  return INTERRUPTED.signal;
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
