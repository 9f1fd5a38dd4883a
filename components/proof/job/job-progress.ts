import type { V1Job, V1Pod } from "@kubernetes/client-node";

/** How far a Job is. */
export type JobProgress =
  /** Nothing runs yet; what it waits for, where that is known. */
  | { readonly state: "waiting"; readonly why?: string }
  | { readonly state: "running" }
  /** The container has ended, or will never start. */
  | { readonly state: "ended"; readonly pod?: string; readonly end: JobEnd };

/** How a container has ended; what it has printed says more. */
export interface JobEnd {
  /** Why there may be no report. */
  readonly why: string;
  /** Whether that is what the notebook does, and not the cluster. */
  readonly isNotebooks: boolean;
}

/** Reasons of a container that waits, which pass with no retry of the kubelet's. */
const STUCK =
  /^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainerConfigError|CreateContainerError|RunContainerError)$/;
/** What runtimes say of a program that an image does not have. */
const NO_PROGRAM = /executable file (`[^`]*` )?not found|exec: "?[^":]*python3?"?:.*no such file/i;
/** What the kubelet says of a pod that wrote more than it may, and not of a node that lacks room. */
const WROTE_TOO_MUCH = /^Usage of EmptyDir|exceeds the total limit|exceeded its local ephemeral/;

/** How far a Job is, by its conditions and those of its pod. */
export function progressOf({ status }: V1Job, pods: readonly V1Pod[]): JobProgress {
  const pod = pods.at(-1);
  const ended = pod && endOf(pod);
  if (ended) return { state: "ended", ...named(pod), end: ended };
  const failed = status?.conditions?.find(({ type, status: value }) => type === "Failed" && value === "True");
  if (failed) {
    const why = failed.reason === "DeadlineExceeded" ? DEADLINE : (failed.message ?? "the Job failed");
    return { state: "ended", ...named(pod), end: { why, isNotebooks: false } };
  }
  if (status?.conditions?.some(({ type, status: value }) => type === "Complete" && value === "True"))
    return { state: "ended", ...named(pod), end: { why: "its pod is gone", isNotebooks: false } };
  const container = pod?.status?.containerStatuses?.[0]?.state;
  if (container?.running) return { state: "running" };
  const unscheduled = pod?.status?.conditions?.find(
    ({ type, status: value }) => type === "PodScheduled" && value === "False",
  );
  const why = unscheduled?.message
    ? `no node takes its pod: ${unscheduled.message}`
    : (container?.waiting?.message ?? container?.waiting?.reason);
  return { state: "waiting", ...(why === undefined ? {} : { why }) };
}

const DEADLINE = "it did not end in time";

const named = (pod: V1Pod | undefined) => (pod?.metadata?.name ? { pod: pod.metadata.name } : {});

function endOf({ status }: V1Pod): JobEnd | undefined {
  const { waiting, terminated } = status?.containerStatuses?.[0]?.state ?? {};
  if (waiting && STUCK.test(waiting.reason ?? "")) return stuck(waiting.reason ?? "", waiting.message ?? "");
  if (terminated?.reason === "OOMKilled")
    return { why: "it used more memory than it may", isNotebooks: true };
  if (status?.phase === "Failed" && status.reason === "Evicted") {
    const message = status.message ?? "the node lacked resources";
    return { why: `its pod was evicted: ${message}`, isNotebooks: WROTE_TOO_MUCH.test(message) };
  }
  if (terminated) {
    const { reason = "", message = "", exitCode } = terminated;
    if (/^(StartError|ContainerCannotRun)$/.test(reason)) return stuck(reason, message);
    return { why: `its container ended with exit code ${exitCode} and no report`, isNotebooks: false };
  }
  return status?.phase === "Failed"
    ? {
        why: `its pod failed: ${status.message ?? status.reason ?? "for an unknown reason"}`,
        isNotebooks: false,
      }
    : undefined;
}

function stuck(reason: string, message: string): JobEnd {
  if (/Image/.test(reason))
    return { why: `the image can't be pulled: ${message || reason}`, isNotebooks: false };
  if (NO_PROGRAM.test(message))
    return { why: "the image can't run notebooks, as it has no python3", isNotebooks: true };
  return { why: `the container can't be started: ${message || reason}`, isNotebooks: false };
}
