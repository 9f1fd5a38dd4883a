// What is read of a hub's pods and events, with the field names of Kubernetes; anything may be missing.

type Optional<T> = T | undefined;

interface Ended {
  readonly exitCode?: Optional<number>;
  readonly reason?: Optional<string>;
  readonly message?: Optional<string>;
}

export interface PodContainer {
  readonly name: string;
  readonly restartCount?: Optional<number>;
  readonly state?: Optional<{
    readonly waiting?: Optional<{
      readonly reason?: Optional<string>;
      readonly message?: Optional<string>;
    }>;
    readonly terminated?: Optional<Ended>;
  }>;
  readonly lastState?: Optional<{ readonly terminated?: Optional<Ended> }>;
}

/** What is read of a Pod. */
export interface HubPod {
  readonly metadata?: Optional<{
    readonly name?: Optional<string>;
    readonly uid?: Optional<string>;
    readonly labels?: Optional<Readonly<Record<string, string>>>;
    readonly ownerReferences?: Optional<readonly { readonly kind: string }[]>;
    readonly deletionTimestamp?: unknown;
  }>;
  readonly status?: Optional<{
    readonly phase?: Optional<string>;
    readonly reason?: Optional<string>;
    readonly message?: Optional<string>;
    readonly conditions?: Optional<
      readonly {
        readonly type: string;
        readonly status: string;
        readonly reason?: Optional<string>;
        readonly message?: Optional<string>;
      }[]
    >;
    readonly initContainerStatuses?: Optional<readonly PodContainer[]>;
    readonly containerStatuses?: Optional<readonly PodContainer[]>;
  }>;
}

/** What is read of an Event of the type Warning. */
export interface PodWarning {
  readonly involvedObject: { readonly kind?: Optional<string>; readonly name?: Optional<string> };
  readonly reason?: Optional<string>;
  readonly message?: Optional<string>;
}

export const nameOf = ({ metadata }: HubPod): string => metadata?.name ?? "";
export const uidOf = (pod: HubPod): string => pod.metadata?.uid ?? nameOf(pod);

export const containersOf = ({ status }: HubPod): readonly PodContainer[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

/** Which part of a hub a pod is, as Zero to JupyterHub labels it: `hub`, `proxy`, `singleuser-server`, …. */
const partOf = ({ metadata }: HubPod): string =>
  metadata?.labels?.["component"] ?? metadata?.labels?.["app.kubernetes.io/component"] ?? "";

/** Whether a pod is the server of a user. */
export const isUsers = (pod: HubPod): boolean => partOf(pod) === "singleuser-server";

/** Their owners try again by themselves, or have their own way to report a failure. */
const OWNERS_APART = new Set(["Job", "DaemonSet"]);

/**
 * Whether a pod is one of those that make up the hub of a release. Placeholders wait for nodes on purpose,
 * pullers of images and jobs come and go.
 */
export function isPartOf(release: string, pod: HubPod): boolean {
  const { labels = {}, ownerReferences = [], deletionTimestamp } = pod.metadata ?? {};
  const own = labels["release"] ?? labels["app.kubernetes.io/instance"] ?? release;
  const isApart = isUsers(pod) || /placeholder|puller/.test(partOf(pod)) || deletionTimestamp != null;
  return own === release && !isApart && !ownerReferences.some(({ kind }) => OWNERS_APART.has(kind));
}

const hasCondition = ({ status }: HubPod, type: string, value: string) =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === value) ?? false;

export const isReady = (pod: HubPod): boolean => hasCondition(pod, "Ready", "True");
export const isDone = ({ status }: HubPod): boolean =>
  status?.phase === "Succeeded" || status?.phase === "Failed";
