import { WINDOWS_FILE, WINDOWS_FOLDER } from "./mounted-windows.ts";
import type { Placeholder } from "./windows.ts";

/** What runs `lectern tick` in a cluster. */
export interface ReconcilerArgs {
  /** Of everything that belongs to it. */
  readonly name: string;
  readonly namespace: string;
  /** The image of the command line. */
  readonly image: string;
  readonly pullSecrets: readonly string[];
  readonly placeholders: readonly Placeholder[];
}

/** An object of Kubernetes without its kind: each is registered by a class of its own. */
interface Manifest {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A role in a namespace, and to whom it is given. */
interface GrantedRole {
  readonly role: Manifest;
  readonly binding: Manifest;
}

const API_GROUP = "rbac.authorization.k8s.io";
const RESOURCES = { Deployment: "deployments/scale", StatefulSet: "statefulsets/scale" } as const;

/** The right to scale the placeholders, each by its name, and to do nothing else: one role for each namespace. */
export function scalingRoles({ name, namespace: home, placeholders }: ReconcilerArgs): GrantedRole[] {
  const namespaces = [...new Set(placeholders.map(({ namespace }) => namespace))].sort();
  return namespaces.map((namespace) => {
    const metadata = { name, namespace, labels: LABELS };
    const rules = (["Deployment", "StatefulSet"] as const).flatMap((kind) => {
      const own = placeholders.filter((one) => one.namespace === namespace && one.kind === kind);
      const resourceNames = own.map((one) => one.name).sort();
      const rule = { apiGroups: ["apps"], resources: [RESOURCES[kind]], verbs: ["get", "update"] };
      return resourceNames.length === 0 ? [] : [{ ...rule, resourceNames }];
    });
    const subjects = [{ kind: "ServiceAccount", name, namespace: home }];
    const roleRef = { apiGroup: API_GROUP, kind: "Role", name };
    return { role: { metadata, rules }, binding: { metadata, roleRef, subjects } };
  });
}

const LABELS = { "app.kubernetes.io/name": "lectern-warm-up", "app.kubernetes.io/managed-by": "lectern" };

/** The account that the pod has; no other pod of the namespace gets its token by default. */
export const serviceAccount = ({ name, namespace }: ReconcilerArgs): Manifest => ({
  metadata: { name, namespace, labels: LABELS },
  automountServiceAccountToken: false,
});

/** The CronJob that runs `lectern tick` every minute, never twice at the same time. */
export function tickCronJob({ name, namespace, image, pullSecrets }: ReconcilerArgs): Manifest {
  const container = {
    name: "tick",
    image,
    args: ["tick"],
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "384Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: "windows", mountPath: WINDOWS_FOLDER, readOnly: true }],
  };
  const pod = {
    serviceAccountName: name,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 5,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    nodeSelector: { "kubernetes.io/os": "linux" },
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((secret) => ({ name: secret })) } : {}),
    containers: [container],
    volumes: [{ name: "windows", configMap: { name, items: [{ key: WINDOWS_FILE, path: WINDOWS_FILE }] } }],
  };
  return {
    metadata: { name, namespace, labels: LABELS },
    spec: {
      schedule: "* * * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 60,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          // The tick of the next minute makes up for one that fails.
          backoffLimit: 0,
          activeDeadlineSeconds: 120,
          template: { metadata: { labels: LABELS }, spec: pod },
        },
      },
    },
  };
}
