import type { ServerPod } from "../../hub/profiles/server-pod/server-pod.ts";
import { dnsLabel } from "../prepull/dns-label.ts";
import { type PodSettings, type PrepullPod, podOf } from "../prepull/prepull-pod.ts";
import type { Placeholder } from "./windows.ts";

/** What keeps room for a server of a profile. */
export type PlannedPlaceholder = {
  /** `<hub>/<profile>` */
  readonly key: string;
} & (OwnPlaceholder | ChartPlaceholder);

/** A Deployment of ours. */
interface OwnPlaceholder {
  readonly pod: ServerPod;
  /** An image that no prepuller brings to the nodes: the placeholder runs it then, so that it is pulled in time. */
  readonly pulls?: string;
}

/** The placeholders that a hub's own chart has. */
interface ChartPlaceholder {
  readonly statefulSet: { readonly namespace: string; readonly name: string; readonly replicas: number };
}

/** The Deployment of a placeholder, as Kubernetes takes it: only the fields that we set. */
export interface PlaceholderDeployment {
  readonly apiVersion: "apps/v1";
  readonly kind: "Deployment";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly replicas: number;
    readonly selector: object;
    readonly strategy: object;
    readonly revisionHistoryLimit: number;
    readonly template: { readonly metadata: object; readonly spec: PrepullPod };
  };
}

/** What is scaled of a placeholder. */
export function scaledPlaceholder(planned: PlannedPlaceholder, namespace: string): Placeholder {
  if ("statefulSet" in planned) {
    const { replicas, ...place } = planned.statefulSet;
    return { kind: "StatefulSet", ...place, idle: replicas };
  }
  return { kind: "Deployment", namespace, name: nameOf(planned), idle: 0 };
}

const nameOf = ({ key }: PlannedPlaceholder) => dnsLabel(key, "warm-up-");

/**
 * The Deployment of placeholders: pods that do nothing, with what a server of the profile takes of its node. It has none
 * of them until a tick scales it; servers take their place, as their priority is higher.
 */
export function placeholderDeployment(
  planned: PlannedPlaceholder & OwnPlaceholder,
  namespace: string,
  settings: PodSettings,
): PlaceholderDeployment {
  const name = nameOf(planned);
  const matchLabels = { "app.kubernetes.io/name": "lectern-warm-up", "lectern.dev/warm-up": name };
  const labels = { ...matchLabels, "app.kubernetes.io/managed-by": "lectern" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels, annotations: { "lectern.dev/profile": planned.key } },
    spec: {
      replicas: 0,
      selector: { matchLabels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } },
      revisionHistoryLimit: 1,
      template: {
        // An autoscaler may remove the node of a placeholder that is all that is left on it.
        metadata: { labels, annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" } },
        spec: placeholderPod(planned, settings),
      },
    },
  };
}

/** The prepuller's pod, which waits without a right to anything, with the size of a server. */
function placeholderPod({ pod, pulls }: OwnPlaceholder, settings: PodSettings): PrepullPod {
  const { requests, nodeSelector, nodeTerms, tolerations } = pod;
  const { userTolerations = [] } = settings;
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: nodeTerms } };
  const nodes = {
    slug: "",
    node_selector: nodeSelector,
    tolerations,
    ...(nodeTerms.length > 0 ? { affinity: { nodeAffinity: required } } : {}),
  };
  // A profile that has tolerations of its own has those of all users among them.
  const borne = tolerations.length > 0 ? [] : userTolerations;
  const waiting = podOf(nodes, [pulls ?? settings.pauseImage], { ...settings, userTolerations: borne });
  const resources = resourcesOf(requests);
  return { ...waiting, containers: waiting.containers.map((container) => ({ ...container, resources })) };
}

/** A device and memory are taken whole, so their limits are what is requested; cores are not limited. */
function resourcesOf(requests: ServerPod["requests"]): object {
  const amounts = Object.fromEntries(
    Object.entries(requests).map(([name, amount]) => [
      name,
      name === "cpu" ? `${Math.round(amount * 1000)}m` : String(Math.ceil(amount)),
    ]),
  );
  const { cpu: _, ...limits } = amounts;
  return { requests: amounts, limits };
}
