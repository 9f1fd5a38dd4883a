import type { Problem } from "../../../problem/problem.ts";
import type { PrepullDaemonSet } from "../daemonset.ts";
import { imagesHeld, noNode } from "../prepull-plan.ts";

/** What is read of a Pod. */
export interface ObservedPod {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly deletionTimestamp?: unknown;
  };
  readonly spec?: {
    readonly nodeName?: string | undefined;
    readonly containers?: readonly { readonly name: string; readonly image?: string | undefined }[];
    readonly affinity?: unknown;
  };
  readonly status?: {
    readonly conditions?: readonly ObservedCondition[] | undefined;
    readonly containerStatuses?: readonly ObservedContainer[] | undefined;
    readonly initContainerStatuses?: readonly ObservedContainer[] | undefined;
  };
}

interface ObservedCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

interface ObservedContainer {
  readonly name: string;
  readonly image?: string | undefined;
  readonly ready?: boolean | undefined;
  readonly state?:
    | {
        readonly running?: unknown;
        readonly waiting?:
          | { readonly reason?: string | undefined; readonly message?: string | undefined }
          | undefined;
        readonly terminated?:
          | {
              readonly exitCode?: number;
              readonly reason?: string | undefined;
              readonly message?: string | undefined;
            }
          | undefined;
      }
    | undefined;
}

/** What is read of a DaemonSet's status. */
export interface ObservedDaemonSet {
  readonly metadata?: { readonly name?: string | undefined; readonly generation?: number | undefined };
  readonly status?: {
    readonly observedGeneration?: number | undefined;
    readonly desiredNumberScheduled?: number | undefined;
  };
}

/** An image that a node doesn't hold, and why. */
export interface MissingImage {
  readonly node: string;
  readonly image: string;
  /** The reason that Kubernetes gives, such as `ImagePullBackOff`. */
  readonly reason: string;
  readonly message?: string;
}

interface AbsentDaemonSet {
  readonly name: string;
  readonly namespace: string;
}

export interface PrepullReport {
  /** Whether every node holds every image. */
  readonly ready: boolean;
  /** How many images of how many nodes are held, and are to be: sums over the nodes. */
  readonly held: number;
  readonly wanted: number;
  /** What goes wrong, by node and image. */
  readonly failures: readonly MissingImage[];
  /** What is still on its way. */
  readonly waiting: readonly MissingImage[];
  /** DaemonSets that the cluster does not have, e.g. because somebody deleted them. */
  readonly absent: readonly AbsentDaemonSet[];
  /** Warnings: DaemonSets that serve no node. */
  readonly notices: readonly Problem[];
}

/** States on the way to a running container; any other reason for waiting is a fault. */
const PENDING = "Pending";
const PASSING = new Set([PENDING, "ContainerCreating", "PodInitializing", "Completed"]);

/**
 * How far the nodes are, from the status of the DaemonSets and their pods. A DaemonSet whose
 * newest form the cluster has not observed yet is not ready.
 */
export function reportPrepull(
  manifests: readonly PrepullDaemonSet[],
  daemonSets: readonly ObservedDaemonSet[],
  pods: readonly ObservedPod[],
): PrepullReport {
  const parts = manifests.map((manifest) => {
    const { name } = manifest.metadata;
    const observed = daemonSets.find((daemonSet) => daemonSet.metadata?.name === name);
    const own = pods.filter(
      (pod) =>
        pod.metadata?.labels?.["lectern.dev/prepull"] === name &&
        pod.metadata.deletionTimestamp === undefined,
    );
    return reportOne(manifest, observed, own);
  });
  const present = new Set(daemonSets.map(({ metadata }) => metadata?.name));
  const held = parts.reduce((sum, part) => sum + part.held, 0);
  const wanted = parts.reduce((sum, part) => sum + part.wanted, 0);
  return {
    ready: held === wanted && parts.every((part) => part.settled),
    held,
    wanted,
    failures: parts.flatMap((part) => part.failures).sort(byNodeAndImage),
    waiting: parts.flatMap((part) => part.waiting).sort(byNodeAndImage),
    absent: manifests.flatMap(({ metadata: { name, namespace } }) =>
      present.has(name) ? [] : [{ name, namespace }],
    ),
    notices: parts.flatMap((part) => part.notices),
  };
}

/** `node-7: ghcr.io/a/lab@sha256:…: ImagePullBackOff: …`, as it is shown. */
export function describeMissing({ node, image, reason, message }: MissingImage): string {
  return `${node}: ${image}: ${reason}${message === undefined ? "" : `: ${message}`}`;
}

interface Part {
  readonly settled: boolean;
  readonly held: number;
  readonly wanted: number;
  readonly failures: readonly MissingImage[];
  readonly waiting: readonly MissingImage[];
  readonly notices: readonly Problem[];
}

function reportOne(
  manifest: PrepullDaemonSet,
  observed: ObservedDaemonSet | undefined,
  pods: readonly ObservedPod[],
): Part {
  const images = imagesHeld(manifest);
  const settled =
    observed?.status?.observedGeneration !== undefined &&
    observed.status.observedGeneration >= (observed.metadata?.generation ?? 0);
  const nodes = settled ? (observed.status?.desiredNumberScheduled ?? 0) : pods.length;
  const missing = pods.flatMap((pod) => missingOn(pod, images));
  const wanted = nodes * images.length;
  const seen = pods.length * images.length - missing.length;
  return {
    settled,
    wanted,
    held: Math.min(seen, wanted),
    failures: missing.filter(({ reason }) => !PASSING.has(reason)),
    waiting: missing.filter(({ reason }) => PASSING.has(reason)),
    notices: settled && nodes === 0 ? [noNode(manifest)] : [],
  };
}

function missingOn(pod: ObservedPod, images: readonly string[]): MissingImage[] {
  const node = nodeOf(pod);
  const blocked = notScheduled(pod) ?? pauseImageFault(pod);
  return images.flatMap((image) => {
    const name = pod.spec?.containers?.find((container) => container.image === image)?.name;
    const status = pod.status?.containerStatuses?.find((container) => container.name === name);
    if (status?.state?.running !== undefined) return [];
    // A pod of an earlier selection has no container for the image yet.
    const fault = name === undefined ? { reason: PENDING } : (blocked ?? faultOf(status));
    return [{ node, image, ...fault }];
  });
}

type Fault = Pick<MissingImage, "reason" | "message">;

function faultOf(status: ObservedContainer | undefined): Fault {
  const { waiting, terminated } = status?.state ?? {};
  return faultFor(waiting?.reason ?? terminated?.reason ?? PENDING, waiting?.message ?? terminated?.message);
}

function notScheduled(pod: ObservedPod): Fault | undefined {
  const condition = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition?.status !== "False") return undefined;
  return faultFor(condition.reason ?? "Unschedulable", condition.message);
}

/** The pod's init container copies the program that holds images; where it fails, none is held. */
function pauseImageFault(pod: ObservedPod): Fault | undefined {
  const copying = pod.status?.initContainerStatuses?.find(({ ready }) => ready !== true);
  const { reason, message } = faultOf(copying);
  if (PASSING.has(reason)) return undefined;
  return faultFor(
    reason,
    `the pause image ${copying?.image ?? ""}${message === undefined ? "" : `: ${message}`}`,
  );
}

const faultFor = (reason: string, message: string | undefined): Fault =>
  message ? { reason, message } : { reason };

/** A pod that waits for its node names it in its affinity: so the DaemonSet's controller writes it. */
function nodeOf(pod: ObservedPod): string {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const named = JSON.stringify(pod.spec?.affinity ?? {}).match(/"metadata\.name"[^\]]*"values":\["([^"]+)"/);
  return named?.[1] ?? "an unknown node";
}

const byNodeAndImage = (a: MissingImage, b: MissingImage) =>
  compare(a.node, b.node) || compare(a.image, b.image);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
