import {
  containersOf,
  type HubPod,
  isDone,
  isReady,
  nameOf,
  type PodContainer,
  type PodWarning,
  uidOf,
} from "./hub-pods.ts";

/** What is wrong with a pod. */
export interface Finding {
  readonly pod: string;
  readonly reason: string;
  /** Whose log may say more; undefined where none has run. */
  readonly container?: string | undefined;
  /** Whether that container has ended, so that the log of its last run is meant. */
  readonly previous?: boolean;
}

/** Waiting for one of these, a container does not start by itself. */
const FAULTS =
  /^(CrashLoopBackOff|ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainer(Config)?Error|RunContainerError)$/;

/** How often each container of the pods has restarted: a baseline for {@link restarted}. */
export function restartCounts(pods: readonly HubPod[]): ReadonlyMap<string, number> {
  return new Map(
    pods.flatMap((pod) =>
      containersOf(pod).map((container) => [keyOf(pod, container), container.restartCount ?? 0] as const),
    ),
  );
}

const keyOf = (pod: HubPod, { name }: PodContainer) => `${uidOf(pod)} ${name}`;

/** The containers that have restarted since the baseline; a pod that is newer has none before it. */
export function restarted(pods: readonly HubPod[], baseline: ReadonlyMap<string, number>): Finding[] {
  return pods.flatMap((pod) =>
    containersOf(pod)
      .filter((one) => (one.restartCount ?? 0) > (baseline.get(keyOf(pod, one)) ?? 0))
      .map((one) => ({
        pod: nameOf(pod),
        reason: `the container ${one.name} restarted${whyEnded(one)}`,
        container: one.name,
        previous: true,
      })),
  );
}

function whyEnded({ lastState, state }: PodContainer): string {
  const ended = lastState?.terminated ?? state?.terminated;
  if (!ended) return "";
  const code = ended.exitCode === undefined ? "" : `exit code ${ended.exitCode}`;
  const reason = ended.reason === "Error" ? undefined : ended.reason;
  const parts = [reason, code].filter((part) => part);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** What keeps a pod of the hub from being ready; undefined where it is, or where it has ended. */
export function notReady(pod: HubPod, warnings: readonly PodWarning[]): Finding | undefined {
  if (isReady(pod) || isDone(pod)) return undefined;
  const unscheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (unscheduled) return finding(pod, unscheduled.reason ?? "Unschedulable", unscheduled.message);
  const faulty = waitingFault(pod);
  if (faulty) return faulty;
  const warning = warningsOf(pod, warnings).at(-1);
  const container = containersOf(pod).find(({ state }) => !state?.waiting)?.name;
  return { ...finding(pod, warning?.reason ?? "it is not ready", warning?.message), container };
}

/** Why the server of a user has failed to start; undefined where it has not, or not yet. */
export function failedSpawn(pod: HubPod): Finding | undefined {
  const { phase, reason = "Failed", message } = pod.status ?? {};
  if (phase === "Failed") return { ...finding(pod, reason, message), container: containersOf(pod)[0]?.name };
  return isReady(pod) ? undefined : waitingFault(pod);
}

function waitingFault(pod: HubPod): Finding | undefined {
  const container = containersOf(pod).find(({ state }) => FAULTS.test(state?.waiting?.reason ?? ""));
  const { reason = "", message } = container?.state?.waiting ?? {};
  if (!container) return undefined;
  const hasRun = (container.restartCount ?? 0) > 0;
  return {
    ...finding(pod, reason, message),
    ...(hasRun ? { container: container.name, previous: true } : {}),
  };
}

const warningsOf = (pod: HubPod, warnings: readonly PodWarning[]) =>
  warnings.filter(({ involvedObject: { kind, name } }) => kind === "Pod" && name === nameOf(pod));

function finding(pod: HubPod, reason: string, message: string | undefined): Finding {
  const text = message?.trim().replaceAll(/\s+/g, " ");
  return { pod: nameOf(pod), reason: text ? `${reason}: ${text}` : reason };
}
