import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock, Host } from "./provider.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, signal ? { signal } : {}),
};

/** One word for this process: every custom resource of one run lives in the same provider process. */
const RUN = randomUUID();

/** The host that a real engine's provider process is: its configuration, its clock, its network. */
export function processHost(config: (key: string) => string | undefined): Host {
  return {
    config,
    fetch: globalThis.fetch,
    clock: systemClock,
    // The engine shows what a provider process prints, line by line.
    progress: (message) => process.stdout.write(`${message.replaceAll("\n", "\n  ")}\n`),
    run: RUN,
  };
}
