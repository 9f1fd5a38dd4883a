/** The DaemonSet of a node group, as Kubernetes takes it: only the fields that we set. */
export interface PrepullDaemonSet {
  readonly apiVersion: "apps/v1";
  readonly kind: "DaemonSet";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly updateStrategy: object;
    readonly revisionHistoryLimit: number;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PrepullPod;
    };
  };
}

/** A node's pod: a container for each image. */
export interface PrepullPod {
  readonly automountServiceAccountToken: false;
  readonly enableServiceLinks: false;
  readonly terminationGracePeriodSeconds: 0;
  readonly securityContext: object;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[];
  readonly affinity?: { readonly nodeAffinity: object };
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly priorityClassName?: string;
  readonly initContainers: readonly PrepullContainer[];
  readonly containers: readonly PrepullContainer[];
  readonly volumes: readonly object[];
}

interface PrepullContainer {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: "IfNotPresent";
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly resources: object;
  readonly securityContext: object;
  readonly volumeMounts: readonly object[];
}
