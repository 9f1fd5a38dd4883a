import type { ProviderContext } from "../../../resource/context/context.ts";
import { HubFault } from "../hub-fault.ts";
import { type HubPod, isPartOf, isReady, isUsers, uidOf } from "./hub-pods.ts";
import type { HubReader } from "./hub-reader.ts";
import { type Finding, failedSpawn, notReady, restartCounts, restarted } from "./pod-findings.ts";

/** What the pods were like before a hub was checked. */
export interface Baseline {
  readonly restarts: ReadonlyMap<string, number>;
  /** Pods that were there. */
  readonly known: ReadonlySet<string>;
}

export interface PodWatch {
  readonly reader: HubReader;
  readonly release: string;
  readonly baseline: Baseline;
  /** Milliseconds. */
  readonly settle: number;
  report(severity: "info" | "warning", message: string): void;
}

/** @returns undefined where pods may not be listed */
export async function podBaseline(
  reader: HubReader,
  { poll }: Pick<ProviderContext, "poll">,
): Promise<Baseline | undefined> {
  const pods = await answerOf(() => reader.pods(), poll);
  return pods && { restarts: restartCounts(pods), known: new Set(pods.map(uidOf)) };
}

const INTERVAL = 5_000;
const MOST_FINDINGS = 5;

/**
 * Watches the pods of a hub for a while. A restart ends the watch at once; what is not ready, and servers
 * that fail to start, count in its end. A single server that fails is no fault of the hub where others start.
 * @throws {HubFault} with pods, reasons and the end of their logs
 */
export async function watchPods(watch: PodWatch, { poll }: Pick<ProviderContext, "poll">): Promise<void> {
  const { reader, release, baseline, settle } = watch;
  const spawns = new Spawns(baseline.known);
  let parts: readonly HubPod[] = [];
  const look = async () => {
    const pods = (await answerOf(() => reader.pods(), poll)) ?? [];
    parts = pods.filter((pod) => isPartOf(release, pod));
    spawns.see(pods.filter(isUsers));
    const findings = restarted(parts, baseline.restarts);
    return findings.length > 0 ? findings : undefined;
  };
  const pace = { first: INTERVAL, slowest: INTERVAL, growth: 1, limit: settle };
  const now = await poll(look, pace);
  const findings = now ?? [...(await notReadyIn(parts, reader)), ...spawns.verdict(watch)];
  if (findings.length > 0) throw new HubFault(await describe(findings, reader), REMEDY);
}

const REMEDY = "Fix the cause and deploy again: the check is repeated then";

/** A cluster that does not answer for a moment, as while its API server restarts, says nothing of a hub. */
async function answerOf<T>(ask: () => Promise<T>, poll: ProviderContext["poll"]): Promise<T> {
  let last: unknown;
  const once = async () => {
    try {
      return { answer: await ask() };
    } catch (error) {
      last = error;
      return undefined;
    }
  };
  const answered = await poll(once, { first: 2_000, slowest: 5_000, limit: SILENCE });
  if (answered) return answered.answer;
  const why = last instanceof Error ? rootOf(last).message : String(last);
  throw new HubFault(`the cluster does not answer: ${why}`, "Check that its API is up, and deploy again");
}

const SILENCE = 45_000;
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

async function notReadyIn(parts: readonly HubPod[], reader: HubReader): Promise<Finding[]> {
  if (parts.every((pod) => notReady(pod, []) === undefined)) return [];
  const warnings = await reader.warnings();
  return parts.flatMap((pod) => notReady(pod, warnings) ?? []);
}

/** The servers of users that have begun to start since the baseline. */
class Spawns {
  readonly #known: ReadonlySet<string>;
  readonly #failed = new Map<string, Finding>();
  readonly #started = new Set<string>();

  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  see(pods: readonly HubPod[]): void {
    for (const pod of pods.filter((one) => !this.#known.has(uidOf(one)))) {
      const failure = failedSpawn(pod);
      if (failure) this.#failed.set(uidOf(pod), failure);
      else if (isReady(pod)) {
        this.#started.add(uidOf(pod));
        this.#failed.delete(uidOf(pod));
      }
    }
  }

  /** What failed, where more servers have failed than started; else it is only reported. */
  verdict({ report }: Pick<PodWatch, "report">): readonly Finding[] {
    const failed = [...this.#failed.values()];
    if (failed.length > this.#started.size) return failed;
    for (const { pod, reason } of failed.slice(0, MOST_FINDINGS))
      report("warning", `the server ${pod} of a user did not start: ${reason}`);
    return [];
  }
}

/** One line for each pod, with the end of its log below. */
async function describe(findings: readonly Finding[], reader: HubReader): Promise<string> {
  const shown = findings.slice(0, MOST_FINDINGS);
  const texts = await Promise.all(
    shown.map(async ({ pod, reason, container, previous = false }) => {
      const lines = container === undefined ? [] : await reader.log(pod, container, previous);
      return [`pod ${pod}: ${reason}`, ...lines.map((line) => `  ${line.slice(0, 500)}`)].join("\n");
    }),
  );
  const rest = findings.length - shown.length;
  return `${texts.join("\n")}${rest > 0 ? `\nand ${rest} more pods` : ""}\n`;
}
