import type { Problem } from "../../problem/problem.ts";
import type { PrepullDaemonSet } from "./daemonset.ts";
import { type ClusterNode, placementMatcher } from "./node-matching.ts";

/** What one DaemonSet means for a cluster's nodes. */
interface PlannedPrepull {
  readonly daemonSet: string;
  /** Each image once, in the manifest's order. */
  readonly images: readonly string[];
  /** Names of the nodes that will hold them. */
  readonly nodes: readonly string[];
}

export interface PrepullPlan {
  readonly groups: readonly PlannedPrepull[];
  /** How many images of how many nodes that are: the sum over the nodes. */
  readonly pulls: number;
  /** Names of the nodes that nothing is for, e.g. those of the control plane. */
  readonly unserved: readonly string[];
  /** A warning for each DaemonSet whose selector matches no node. */
  readonly notices: readonly Problem[];
}

/** Which nodes of a cluster would hold which images. */
export function planPrepull(
  daemonSets: readonly PrepullDaemonSet[],
  nodes: readonly ClusterNode[],
): PrepullPlan {
  const served = new Set<string>();
  const groups = daemonSets.map((daemonSet): PlannedPrepull => {
    const matches = placementMatcher(daemonSet.spec.template.spec);
    const names = nodes.flatMap((node) => (matches(node) ? [nameOf(node)] : []));
    for (const name of names) served.add(name);
    return { daemonSet: daemonSet.metadata.name, images: imagesHeld(daemonSet), nodes: names };
  });
  return {
    groups,
    pulls: groups.reduce((sum, { images, nodes: names }) => sum + images.length * names.length, 0),
    unserved: nodes.map(nameOf).filter((name) => !served.has(name)),
    notices: daemonSets.filter((_, index) => groups[index]?.nodes.length === 0).map(noNode),
  };
}

/** The images that a DaemonSet's nodes hold ready. */
export function imagesHeld(daemonSet: PrepullDaemonSet): string[] {
  return daemonSet.spec.template.spec.containers.map(({ image }) => image);
}

/** Reports that a DaemonSet serves no node: nothing is wrong with it, and it does nothing. */
export function noNode(daemonSet: PrepullDaemonSet): Problem {
  const selector = Object.entries(daemonSet.spec.template.spec.nodeSelector);
  const labels = selector.map(([key, value]) => `${key}=${value}`).join(", ");
  const group = daemonSet.metadata.annotations["lectern.dev/node-group"];
  return {
    code: "no-node",
    severity: "warning",
    ...(group === undefined ? {} : { path: group }),
    message: `no node ${labels ? `with ${labels} ` : ""}takes the pod of ${daemonSet.metadata.name}, so its ${imagesHeld(daemonSet).length} images are not pulled`,
    remedy:
      "Check whether the labels and taints of the nodes are those of node-groups.json, or whether there are no nodes yet",
  };
}

const nameOf = (node: ClusterNode) => node.metadata?.name ?? "";
