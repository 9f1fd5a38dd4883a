import {
  type ObservedContainer,
  type ObservedEvent,
  type ObservedNode,
  type ObservedPod,
  timeOf,
} from "../observed.ts";
import type { Fault } from "./pull-remedies.ts";

/** States on the way to a running container; any other reason for waiting is a fault. */
const PENDING = "Pending";
const TERMINATING = "Terminating";
const PASSING = new Set([PENDING, TERMINATING, "ContainerCreating", "PodInitializing", "Completed"]);

/** Whether a pod's container in this state still is on its way. */
export const isPassing = (reason: string): boolean => PASSING.has(reason);

/** The reason where a node pulls no image for its platform, or could not run it. */
export const WRONG_PLATFORM = "WrongPlatform";

/** What else is known of a cluster than its DaemonSets and pods; all of it only explains. */
export interface Circumstances {
  /** Warnings of the namespaces. */
  readonly events?: readonly ObservedEvent[];
  /** Undefined where they may not be read. */
  readonly nodes?: readonly ObservedNode[] | undefined;
  /** Why a node can't run an image, such as its architecture. */
  readonly unsuited?: (node: string, image: string) => string | undefined;
}

/** Why an image of a pod does not run, or could not be started by a user; undefined where it does. */
export function faultOn(pod: ObservedPod, image: string, around: Circumstances): Fault | undefined {
  const name = pod.spec?.containers?.find((container) => container.image === image)?.name;
  const status = pod.status?.containerStatuses?.find((container) => container.name === name);
  const ended = endedFault(pod);
  // The program that holds an image is of the node's platform: that the container runs says nothing of the image.
  const unsuited = around.unsuited?.(nodeOf(pod), image);
  if (unsuited !== undefined) return { reason: WRONG_PLATFORM, message: unsuited };
  if (status?.state?.running !== undefined && !ended) return undefined;
  const blocked = unreachable(pod, around.nodes) ?? notScheduled(pod) ?? ended ?? pauseImageFault(pod);
  // A pod of an earlier selection has no container for the image yet.
  const own = blocked ?? (name === undefined ? { reason: PENDING } : containerFault(status));
  return explained(own, pod, name, around.events ?? []);
}

/** A pod that waits for its node names it in its affinity: so the DaemonSet's controller writes it. */
export function nodeOf(pod: ObservedPod): string {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const named = JSON.stringify(pod.spec?.affinity ?? {}).match(/"metadata\.name"[^\]]*"values":\["([^"]+)"/);
  return named?.[1] ?? "an unknown node";
}

/** Such as a pod that was evicted: its containers' own states say nothing of why. */
function endedFault({ metadata, status }: ObservedPod): Fault | undefined {
  if (status?.phase === "Failed") return faultFor(status.reason ?? "Failed", status.message);
  return metadata?.deletionTimestamp === undefined ? undefined : { reason: TERMINATING };
}

function containerFault(status: ObservedContainer | undefined): Fault {
  const { waiting, terminated } = status?.state ?? {};
  const last = status?.lastState?.terminated;
  const why = last && [last.reason, `exit code ${last.exitCode}`, last.message].filter(Boolean).join(", ");
  return faultFor(
    waiting?.reason ?? terminated?.reason ?? PENDING,
    waiting?.reason === "CrashLoopBackOff" && why ? why : (waiting?.message ?? terminated?.message),
  );
}

function notScheduled(pod: ObservedPod): Fault | undefined {
  const condition = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition?.status !== "False") return undefined;
  return faultFor(condition.reason ?? "Unschedulable", condition.message);
}

/** The pod's init container copies the program that holds images; where it fails, none is held. */
function pauseImageFault(pod: ObservedPod): Fault | undefined {
  const copying = pod.status?.initContainerStatuses?.find(({ ready }) => ready !== true);
  const { reason, message } = containerFault(copying);
  if (isPassing(reason)) return undefined;
  return faultFor(
    reason,
    `the pause image ${copying?.image ?? ""}${message === undefined ? "" : `: ${message}`}`,
  );
}

/** A node whose kubelet has stopped reporting starts nothing; one that is new is only not ready yet. */
function unreachable(pod: ObservedPod, nodes: readonly ObservedNode[] = []): Fault | undefined {
  const node = nodes.find(({ metadata }) => metadata?.name === nodeOf(pod));
  const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "Unknown" ? faultFor("NodeUnreachable", ready.message) : undefined;
}

/** What kubelets say of a pull that they will try again, without its cause. */
const BARE = /^(Back-off pulling image "[^"]*"|Error: (ErrImagePull|ImagePullBackOff))$/;

/** A fault with the latest warning of its pod or container, where it does not say itself why. */
function explained(
  fault: Fault,
  { metadata }: ObservedPod,
  container: string | undefined,
  events: readonly ObservedEvent[],
): Fault {
  if (fault.message !== undefined && !BARE.test(fault.message)) return fault;
  const said = events.filter(({ involvedObject: { kind, name, fieldPath = "" }, message = "" }) => {
    if (kind !== "Pod" || name === undefined || name !== metadata?.name || message === "") return false;
    return !BARE.test(message) && (!fieldPath.includes("{") || fieldPath.endsWith(`{${container}}`));
  });
  const last = said.sort((a, b) => timeOf(a) - timeOf(b)).at(-1);
  if (!last) return fault;
  const isBackOff = last.reason === "BackOff";
  if (isBackOff) return fault;
  return faultFor(fault.reason, last.reason === "Failed" ? last.message : `${last.reason}: ${last.message}`);
}

const faultFor = (reason: string, message: string | undefined): Fault =>
  message ? { reason, message } : { reason };
