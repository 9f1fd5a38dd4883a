import type { Clock } from "../../../resource/context/clock.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import type { PrepullDaemonSet } from "../daemonset.ts";
import { FailedPods } from "./faults/failed-pods.ts";
import type { Circumstances } from "./faults/pod-faults.ts";
import { isRateLimited } from "./faults/pull-remedies.ts";
import type { ObservedDaemonSet, ObservedEvent, ObservedNode, ObservedPod } from "./observed.ts";
import { type PrepullReport, reportPrepull } from "./prepull-report.ts";
import { type Tolerance, tolerates } from "./tolerance.ts";

/** What is asked of a cluster: the DaemonSets and pods of prepulling in one namespace, and what explains them. */
export interface PrepullReader {
  daemonSets(namespace: string): Promise<readonly ObservedDaemonSet[]>;
  pods(namespace: string): Promise<readonly ObservedPod[]>;
  /** Warnings; none where they may not be read. */
  events(namespace: string): Promise<readonly ObservedEvent[]>;
  /** All of the cluster; undefined where they may not be read. */
  nodes(): Promise<readonly ObservedNode[] | undefined>;
}

export interface WaitLimits {
  /** Milliseconds until nodes that are still pulling are no longer waited for. */
  readonly readyTimeout: number;
  /** Milliseconds after which what fails, and nothing else is on its way, counts as failed. */
  readonly settled: number;
  /** How many nodes of each DaemonSet may lack images in the end. @default none */
  readonly tolerated?: Tolerance | undefined;
}

const INTERVAL = 2_000;

/** What a look at a cluster takes besides it. */
interface View {
  /** Pods as they are to be counted. */
  readonly counted?: (pods: readonly ObservedPod[]) => readonly ObservedPod[];
  readonly nodes?: () => Promise<readonly ObservedNode[] | undefined>;
  readonly unsuited?: Circumstances["unsuited"] | undefined;
}

/** How far the nodes are now. What only explains is asked for where something is missing. */
export async function observePrepull(
  manifests: readonly PrepullDaemonSet[],
  reader: PrepullReader,
  { counted = (pods) => pods, nodes = () => reader.nodes(), unsuited }: View = {},
): Promise<PrepullReport> {
  const namespaces = [...new Set(manifests.map(({ metadata }) => metadata.namespace))];
  const all = async <T>(ask: (namespace: string) => Promise<readonly T[]>): Promise<T[]> =>
    (await Promise.all(namespaces.map(ask))).flat();
  const [daemonSets, pods] = await Promise.all([
    all((namespace) => reader.daemonSets(namespace)),
    all((namespace) => reader.pods(namespace)),
  ]);
  const report = reportPrepull(manifests, daemonSets, counted(pods), unsuited ? { unsuited } : {});
  if (report.ready) return report;
  const events = await all((namespace) => reader.events(namespace));
  const around = { events, nodes: await nodes(), ...(unsuited ? { unsuited } : {}) };
  return reportPrepull(manifests, daemonSets, counted(pods), around);
}

/**
 * Waits until every node holds every image, reports how far they are as that changes, and gives up on
 * what fails: a node retries a failing pull for ever, so it is given some time only, while a registry that
 * limits the rate is given all of it. An interruption ends the wait as its limit does.
 * @returns the last report, ready or not
 */
export async function waitForPrepull(
  manifests: readonly PrepullDaemonSet[],
  reader: PrepullReader,
  { readyTimeout, settled, tolerated }: WaitLimits,
  { clock, poll, signal }: Pick<ProviderContext, "clock" | "poll" | "signal">,
  progress: (message: string) => void,
  unsuited?: Circumstances["unsuited"],
): Promise<PrepullReport> {
  const last: { report?: PrepullReport; text?: string } = {};
  const silence = new Silence(clock, settled);
  const failed = new FailedPods(settled);
  const stuck = new Lasting(clock, settled);
  const hopeless = new Lasting(clock, settled);
  const view = {
    counted: (pods: readonly ObservedPod[]) => failed.withRecent(pods, clock.now()),
    nodes: atMostEvery(settled, clock, () => reader.nodes()),
    unsuited,
  };
  const look = async () => {
    const report = await silence.unlessLong(() => observePrepull(manifests, reader, view));
    if (!report) return undefined;
    const text = describeProgress(report);
    if (text !== last.text) progress(text);
    Object.assign(last, { report, text });
    const isGivenUp = [stuck.lasts(isStuck(report)), hopeless.lasts(isHopeless(report, tolerated))];
    return report.ready || isGivenUp.includes(true) ? report : undefined;
  };
  const pace = { first: INTERVAL, slowest: INTERVAL, growth: 1, limit: readyTimeout };
  const end = await poll(look, pace).catch((error: unknown) => {
    if (!signal.aborted || error !== signal.reason) throw error;
    return undefined;
  });
  return end ?? last.report ?? observePrepull(manifests, reader, view);
}

/** Something is missing, and all of it has a reason. */
function isStuck({ ready, failures, waiting, uncreated, absent, counts }: PrepullReport): boolean {
  const isOnItsWay = waiting.length > 0 || uncreated.some(({ refusal }) => refusal === undefined);
  const isObserved = counts.filter(({ isSettled }) => !isSettled).length <= absent.length;
  return !ready && isObserved && !isOnItsWay && failures.length + uncreated.length + absent.length > 0;
}

/** More nodes than may fail will fail, whatever else is on its way. */
const isHopeless = ({ counts }: PrepullReport, tolerated: Tolerance | undefined): boolean =>
  counts.some(({ hopeless, nodes }) => hopeless > 0 && !tolerates(tolerated, hopeless, nodes));

/** Whether something has been true for long, at each look since then. */
class Lasting {
  readonly #clock: Clock;
  readonly #limit: number;
  #since: number | undefined;

  /** @param limit milliseconds */
  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  lasts(isTrue: boolean): boolean {
    this.#since = isTrue ? (this.#since ?? this.#clock.now()) : undefined;
    return this.#since !== undefined && this.#clock.now() - this.#since >= this.#limit;
  }
}

/** A cluster that does not answer for a moment, as while its API server restarts, ends no wait. */
class Silence {
  readonly #lasting: Lasting;

  /** @param limit milliseconds without an answer after which the error counts */
  constructor(clock: Clock, limit: number) {
    this.#lasting = new Lasting(clock, limit);
  }

  async unlessLong<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask();
      this.#lasting.lasts(false);
      return answer;
    } catch (error) {
      if (this.#lasting.lasts(true)) throw error;
      return undefined;
    }
  }
}

/** A cluster has many nodes, and they change slowly. */
function atMostEvery<T>(milliseconds: number, clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: T } | undefined;
  return async () => {
    if (last && clock.now() - last.at < milliseconds) return last.answer;
    last = { at: clock.now(), answer: await ask() };
    return last.answer;
  };
}

function describeProgress({ held, wanted, failures, waiting, uncreated }: PrepullReport): string {
  const limited = waiting.filter(isRateLimited).length;
  const refused = uncreated.reduce((sum, { refusal, images }) => sum + (refusal ? images : 0), 0);
  return [
    `${held} of ${wanted} images held`,
    ...(failures.length + refused > 0 ? [`${failures.length + refused} failing`] : []),
    ...(limited > 0 ? [`${limited} slowed down by the registry's rate limit`] : []),
  ].join(", ");
}
