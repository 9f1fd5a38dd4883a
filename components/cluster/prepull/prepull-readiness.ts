import type { Clock } from "../../resource/provider.ts";
import type { PrepullDaemonSet } from "./prepull-manifest.ts";
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

export interface Patience {
  /** Milliseconds until nodes that are still pulling are no longer waited for. */
  readonly limit: number;
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
 * Waits until every node holds every image, says how far they are as that changes, and gives up on
 * what fails: a pull that fails is tried again by the node for ever, so it is given some time only.
 * @returns the last report, ready or not
 */
export async function waitForPrepull(
  manifests: readonly PrepullDaemonSet[],
  reader: PrepullReader,
  { limit, settled }: Patience,
  clock: Clock,
  progress: (message: string) => void,
): Promise<PrepullReport> {
  const end = clock.now() + limit;
  let said = "";
  let stuckSince: number | undefined;
  for (;;) {
    const report = await observePrepull(manifests, reader);
    const words = describeProgress(report);
    if (words !== said) progress(words);
    said = words;
    const stuck = report.failures.length > 0 && report.held + report.failures.length === report.wanted;
    stuckSince = stuck ? (stuckSince ?? clock.now()) : undefined;
    const givenUp = stuckSince !== undefined && clock.now() - stuckSince >= settled;
    if (report.ready || givenUp || clock.now() >= end) return report;
    await clock.sleep(Math.min(INTERVAL, Math.max(1, end - clock.now())));
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
  return [...reasons, `${Math.max(rest, 0)} images of nodes whose pods the cluster has not made yet`];
}

const describeProgress = ({ held, wanted, failures }: PrepullReport) =>
  `${held} of ${wanted} images held${failures.length > 0 ? `, ${failures.length} failing` : ""}`;
