import type { Problem } from "../../../problem/problem.ts";
import type { PrepullDaemonSet } from "../daemonset.ts";
import { placementMatcher } from "../node-matching.ts";
import { imagesHeld, noNode } from "../prepull-plan.ts";
import { type Circumstances, faultOn, isPassing, nodeOf } from "./faults/pod-faults.ts";
import { type Fault, isPermanent, isRateLimited } from "./faults/pull-remedies.ts";
import { type ObservedDaemonSet, type ObservedPod, timeOf } from "./observed.ts";

/** An image that a node doesn't hold, and why. */
export interface MissingImage extends Fault {
  readonly node: string;
  readonly image: string;
}

/** Pods of a DaemonSet that the cluster has not created. */
export interface UncreatedPods {
  readonly daemonSet: string;
  readonly namespace: string;
  /** How many. */
  readonly count: number;
  /** Names of the nodes that they are for, where those are known. */
  readonly nodes: readonly string[];
  /** How many images they would hold. */
  readonly images: number;
  /** Why the API refuses them; undefined where they are just not there yet. */
  readonly refusal?: Fault;
}

/** How one DaemonSet's nodes are. */
interface NodeCounts {
  /** Whether the cluster has observed its newest form. */
  readonly isSettled: boolean;
  readonly nodes: number;
  /** Nodes that lack an image, for whatever reason. */
  readonly lacking: number;
  /** Those of them that will lack it until a person changes something. */
  readonly hopeless: number;
}

interface AbsentDaemonSet {
  readonly name: string;
  readonly namespace: string;
}

export interface PrepullReport {
  /** Whether every node holds every image. */
  readonly ready: boolean;
  /** How many images of how many nodes are held, and are to be. */
  readonly held: number;
  readonly wanted: number;
  /** What goes wrong, by node and image. */
  readonly failures: readonly MissingImage[];
  /** What is still on its way. */
  readonly waiting: readonly MissingImage[];
  readonly uncreated: readonly UncreatedPods[];
  /** DaemonSets that the cluster does not have, e.g. because somebody deleted them. */
  readonly absent: readonly AbsentDaemonSet[];
  /** One for each DaemonSet. */
  readonly counts: readonly NodeCounts[];
  /** Warnings: DaemonSets that serve no node. */
  readonly notices: readonly Problem[];
}

/**
 * How far the nodes are, from the status of the DaemonSets and their pods. A DaemonSet whose
 * newest form the cluster has not observed yet is not ready.
 */
export function reportPrepull(
  manifests: readonly PrepullDaemonSet[],
  daemonSets: readonly ObservedDaemonSet[],
  pods: readonly ObservedPod[],
  around: Circumstances = {},
): PrepullReport {
  const parts = manifests.map((manifest) => {
    const { name } = manifest.metadata;
    const observed = daemonSets.find((daemonSet) => daemonSet.metadata?.name === name);
    const own = pods.filter((pod) => pod.metadata?.labels?.["lectern.dev/prepull"] === name);
    return reportOne(manifest, observed, own, around);
  });
  const present = new Set(daemonSets.map(({ metadata }) => metadata?.name));
  const held = parts.reduce((sum, part) => sum + part.held, 0);
  const wanted = parts.reduce((sum, part) => sum + part.wanted, 0);
  return {
    ready: held === wanted && parts.every(({ counts }) => counts.isSettled),
    held,
    wanted,
    failures: parts.flatMap((part) => part.failures).sort(byNodeAndImage),
    waiting: parts.flatMap((part) => part.waiting).sort(byNodeAndImage),
    uncreated: parts.flatMap((part) => part.uncreated),
    absent: manifests.flatMap(({ metadata: { name, namespace } }) =>
      present.has(name) ? [] : [{ name, namespace }],
    ),
    counts: parts.map((part) => part.counts),
    notices: parts.flatMap((part) => part.notices),
  };
}

interface Part {
  readonly held: number;
  readonly wanted: number;
  readonly failures: readonly MissingImage[];
  readonly waiting: readonly MissingImage[];
  readonly uncreated: readonly UncreatedPods[];
  readonly counts: NodeCounts;
  readonly notices: readonly Problem[];
}

function reportOne(
  manifest: PrepullDaemonSet,
  observed: ObservedDaemonSet | undefined,
  all: readonly ObservedPod[],
  around: Circumstances,
): Part {
  const images = imagesHeld(manifest);
  const isSettled =
    observed?.status?.observedGeneration !== undefined &&
    observed.status.observedGeneration >= (observed.metadata?.generation ?? 0);
  const desired = isSettled ? (observed.status?.desiredNumberScheduled ?? 0) : undefined;
  const pods = countedPods(all, desired);
  const nodes = desired ?? pods.length;
  const missing = pods.flatMap((pod) =>
    images.flatMap((image): MissingImage[] => {
      const fault = faultOn(pod, image, around);
      return fault ? [{ node: nodeOf(pod), image, ...fault }] : [];
    }),
  );
  const wanted = nodes * images.length;
  const uncreated = uncreatedPods(manifest, observed, pods, nodes - pods.length, around);
  const refused = uncreated.filter(({ refusal }) => refusal && isPermanent(refusal));
  const isFailure = (one: MissingImage) => !isPassing(one.reason) && !isRateLimited(one);
  return {
    wanted,
    held: Math.min(pods.length * images.length - missing.length, wanted),
    failures: missing.filter(isFailure),
    waiting: missing.filter((one) => !isFailure(one)),
    uncreated,
    counts: {
      isSettled,
      nodes,
      lacking: nodesOf(missing) + countOf(uncreated),
      // What is on its way may carry a warning of a moment ago.
      hopeless: nodesOf(missing.filter(isFailure).filter(isPermanent)) + countOf(refused),
    },
    notices: isSettled && nodes === 0 ? [noNode(manifest)] : [],
  };
}

/** A pod that is being removed counts where no other is on its node yet, and one is to be. */
function countedPods(pods: readonly ObservedPod[], desired = 0): ObservedPod[] {
  const live = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const served = new Set(live.map(nodeOf));
  const leaving = pods.filter((pod) => !live.includes(pod) && !served.has(nodeOf(pod)));
  return [...live, ...leaving.slice(0, Math.max(0, desired - live.length))];
}

function uncreatedPods(
  manifest: PrepullDaemonSet,
  observed: ObservedDaemonSet | undefined,
  pods: readonly ObservedPod[],
  count: number,
  { events = [], nodes = [] }: Circumstances,
): UncreatedPods[] {
  if (count <= 0) return [];
  const { name, namespace } = manifest.metadata;
  const served = new Set(pods.map(nodeOf));
  const matches = placementMatcher(manifest.spec.template.spec);
  const refusals = events.filter(
    ({ reason, involvedObject: { kind, name: of, uid } }) =>
      reason === "FailedCreate" &&
      kind === "DaemonSet" &&
      of === name &&
      // One that somebody deleted and made again has another history.
      (uid === undefined || observed?.metadata?.uid === undefined || uid === observed.metadata.uid),
  );
  const last = refusals.sort((a, b) => timeOf(a) - timeOf(b)).at(-1);
  const unserved = nodes.filter(matches).map(({ metadata }) => metadata?.name ?? "");
  return [
    {
      daemonSet: name,
      namespace,
      count,
      nodes: unserved.filter((node) => !served.has(node)).sort(),
      images: count * imagesHeld(manifest).length,
      ...(last ? { refusal: { reason: "FailedCreate", message: withoutPreamble(last.message ?? "") } } : {}),
    },
  ];
}

const withoutPreamble = (message: string) =>
  message.replace(/^\(combined from similar events\): /, "").replace(/^Error creating: /, "");

const nodesOf = (missing: readonly MissingImage[]) => new Set(missing.map(({ node }) => node)).size;
const countOf = (uncreated: readonly UncreatedPods[]) => uncreated.reduce((sum, { count }) => sum + count, 0);

const byNodeAndImage = (a: MissingImage, b: MissingImage) =>
  compare(a.node, b.node) || compare(a.image, b.image);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
