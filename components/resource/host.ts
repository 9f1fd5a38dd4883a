import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock, Host } from "./provider.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    delay(milliseconds, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      // Node wraps the reason; the one who waits is promised the reason itself.
      throw signal?.aborted ? signal.reason : error;
    }),
};

/** One word for this process: every custom resource of one run lives in the same provider process. */
const RUN = randomUUID();

/** What CI gives each run anew, so that it stands in no configuration: key to environment variable. */
const FROM_CI: Readonly<Record<string, string>> = { repoReadToken: "LECTERN_REPO_READ_TOKEN" };

const INTERRUPTED = new AbortController();
let listening = false;

/**
 * Aborted when this process is asked to end by SIGINT, which it survives: what it has under way is still
 * replied to. A second one ends it.
 */
export function interruption(): AbortSignal {
  if (!listening) {
    listening = true;
    process.once("SIGINT", () => INTERRUPTED.abort(new Error("interrupted")));
  }
  return INTERRUPTED.signal;
}

/** The host that a real engine's provider process is: its configuration, its clock, its network. */
export function processHost(config: (key: string) => string | undefined): Host {
  return {
    config: (key) => config(key) ?? process.env[FROM_CI[key] ?? ""],
    fetch: globalThis.fetch,
    clock: systemClock,
    // The engine shows what a provider process prints, line by line.
    progress: (message) => process.stdout.write(`${message.replaceAll("\n", "\n  ")}\n`),
    run: RUN,
    signal: interruption(),
  };
}
