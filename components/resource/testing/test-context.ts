import type { Clock } from "../context/clock.ts";
import { type ContextParts, makeContext, type ProviderContext, type Report } from "../context/context.ts";

/** A clock that does not move until something sleeps, and then is as much later. */
export function steppingClock(): Clock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** A context for one run of a test, with what was reported to it. */
export function testContext(
  config: Readonly<Record<string, string>> = {},
  parts: Partial<ContextParts> = {},
): ProviderContext & { readonly reports: Report[] } {
  const reports: Report[] = [];
  const context = makeContext({
    raw: (key) => config[key],
    fetch: globalThis.fetch,
    clock: steppingClock(),
    report: (report) => void reports.push(report),
    run: "run",
    ...parts,
  });
  return { ...context, reports };
}
