import type { Clock } from "../../../resource/clock.ts";
import type { ProviderContext } from "../../../resource/context.ts";
import type { PrepullDaemonSet } from "../daemonset.ts";
import {
  describeMissing,
  type ObservedDaemonSet,
  type ObservedPod,
  type PrepullReport,
  reportPrepull,
} from "./prepull-report.ts";

/** What is asked of a cluster: the DaemonSets and pods of prepulling in one namespace. */
export interface PrepullReader {
  daemonSets(namespace: string): Promise<readonly ObservedDaemonSet[]>;
  pods(namespace: string): Promise<readonly ObservedPod[]>;
}

export interface WaitLimits {
  /** Milliseconds until nodes that are still pulling are no longer waited for. */
  readonly readyTimeout: number;
  /** Milliseconds after which what fails, and nothing else is on its way, counts as failed. */
  readonly settled: number;
}

const INTERVAL = 2_000;

/** How far the nodes are now. */
export async function observePrepull(
  manifests: readonly PrepullDaemonSet[],
  reader: PrepullReader,
): Promise<PrepullReport> {
  const namespaces = [...new Set(manifests.map(({ metadata }) => metadata.namespace))];
  const observed = await Promise.all(
    namespaces.map(
      async (namespace) => [await reader.daemonSets(namespace), await reader.pods(namespace)] as const,
    ),
  );
  return reportPrepull(
    manifests,
    observed.flatMap(([daemonSets]) => daemonSets),
    observed.flatMap(([, pods]) => pods),
  );
}

/**
 * Waits until every node holds every image, reports how far they are as that changes, and gives up on
 * what fails: a node retries a failing pull for ever, so it is given some time only. An interruption
 * ends the wait as its limit does.
 * @returns the last report, ready or not
 */
export async function waitForPrepull(
  manifests: readonly PrepullDaemonSet[],
  reader: PrepullReader,
  { readyTimeout, settled }: WaitLimits,
  { clock, poll, signal }: Pick<ProviderContext, "clock" | "poll" | "signal">,
  progress: (message: string) => void,
): Promise<PrepullReport> {
  const last: { report?: PrepullReport; text?: string; stuckSince?: number | undefined } = {};
  const silence = new Silence(clock, settled);
  const look = async () => {
    const report = await silence.unlessLong(() => observePrepull(manifests, reader));
    if (!report) return undefined;
    const text = describeProgress(report);
    if (text !== last.text) progress(text);
    const stuck = report.failures.length > 0 && report.held + report.failures.length === report.wanted;
    const stuckSince = stuck ? (last.stuckSince ?? clock.now()) : undefined;
    Object.assign(last, { report, text, stuckSince });
    const givenUp = stuckSince !== undefined && clock.now() - stuckSince >= settled;
    return report.ready || givenUp ? report : undefined;
  };
  const pace = { first: INTERVAL, slowest: INTERVAL, growth: 1, limit: readyTimeout };
  const end = await poll(look, pace).catch((error: unknown) => {
    if (!signal.aborted || error !== signal.reason) throw error;
    return undefined;
  });
  return end ?? last.report ?? observePrepull(manifests, reader);
}

/** A cluster that does not answer for a moment, as while its API server restarts, ends no wait. */
class Silence {
  readonly #clock: Clock;
  readonly #limit: number;
  #since: number | undefined;

  /** @param limit milliseconds without an answer after which the error counts */
  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  async unlessLong<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask();
      this.#since = undefined;
      return answer;
    } catch (error) {
      this.#since ??= this.#clock.now();
      if (this.#clock.now() - this.#since >= this.#limit) throw error;
      return undefined;
    }
  }
}

/** One line for each thing that keeps a cluster from being ready; none where it is. */
export function prepullReasons(report: PrepullReport): string[] {
  if (report.ready) return [];
  const reasons = [
    ...report.absent.map(
      ({ name, namespace }) => `the DaemonSet ${name} is missing from the namespace ${namespace}`,
    ),
    ...[...report.failures, ...report.waiting].map(describeMissing),
  ];
  const rest = report.wanted - report.held - report.failures.length - report.waiting.length;
  if (reasons.length > 0 && rest <= 0) return reasons;
  return [...reasons, `${Math.max(rest, 0)} images of nodes whose pods the cluster has not created yet`];
}

const describeProgress = ({ held, wanted, failures }: PrepullReport) =>
  `${held} of ${wanted} images held${failures.length > 0 ? `, ${failures.length} failing` : ""}`;
