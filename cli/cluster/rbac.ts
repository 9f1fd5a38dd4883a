import type {
  Environment,
  HubDeclaration,
} from "../../components/cluster/declaration/cluster-declaration.ts";

/** Who an account of CI is in a cluster: the name that the cloud's sign-in gives it. */
export interface Subject {
  readonly kind: "User" | "Group";
  readonly name: string;
}

/** The accounts of CI: one that deploys each environment, and one that only previews. */
export type Account = Environment | "preview";
export type Subjects = Readonly<Record<Account, Subject>>;

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** A manifest of Kubernetes; what each kind has beside these is its own. */
export type RbacManifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
} & Readonly<Record<string, unknown>>;

/** What roles depend on of a cluster. */
export interface RbacCluster {
  readonly hubs: readonly Pick<HubDeclaration, "environment" | "namespace" | "retire">[];
  readonly support?: { readonly namespace: string } | undefined;
}

export interface RbacArgs {
  readonly cluster: RbacCluster;
  readonly subjects: Subjects;
  /** Where the prepuller runs, and what warms the cluster up. */
  readonly prepullNamespace: string;
  /** Whether the calendar has events of the cluster's hubs. @default false */
  readonly warmsUp?: boolean;
}

const WRITE = ["get", "list", "watch", "create", "update", "patch", "delete"];
const RBAC = "rbac.authorization.k8s.io";

/** What charts of hubs install in their namespace, by the group of its API. */
const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  "": ["configmaps", "persistentvolumeclaims", "secrets", "serviceaccounts", "services"],
  apps: ["daemonsets", "deployments", "statefulsets"],
  batch: ["cronjobs", "jobs"],
  "networking.k8s.io": ["ingresses", "networkpolicies"],
  policy: ["poddisruptionbudgets"],
  [RBAC]: ["rolebindings", "roles"],
};

const rulesFor = (verbs: readonly string[]): Rule[] =>
  Object.entries(OBJECTS).map(([group, resources]) => ({ apiGroups: [group], resources, verbs }));

/** What a release's deployment does in its namespace. */
const DEPLOY: readonly Rule[] = [
  ...rulesFor(WRITE),
  // A chart's roles may give no more than whoever installs it has; the hub starts its users' pods.
  { apiGroups: [""], resources: ["pods"], verbs: WRITE },
  { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
  // Helm waits until those of a Deployment are ready.
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods/log", "services/proxy"], verbs: ["get"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: WRITE },
];

/** What a preview with drift reads: each object by its name, and Helm's records to find the newest. */
const PREVIEW: readonly Rule[] = [
  ...rulesFor(["get"]),
  { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get"] },
];

const PREPULL: readonly Rule[] = [
  { apiGroups: ["apps"], resources: ["daemonsets"], verbs: WRITE },
  { apiGroups: [""], resources: ["events", "pods"], verbs: ["get", "list", "watch"] },
];

/** What warms a cluster up for events, beside the prepuller. */
const WARM_UP: readonly Rule[] = [
  { apiGroups: [""], resources: ["configmaps", "serviceaccounts"], verbs: WRITE },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: WRITE },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["batch"], resources: ["cronjobs"], verbs: WRITE },
  { apiGroups: [RBAC], resources: ["rolebindings", "roles"], verbs: WRITE },
  // A role may give no more than whoever makes it has.
  { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get", "update"] },
];

/** What it takes to let a hub's own placeholders be scaled. */
const SCALE: readonly Rule[] = [
  { apiGroups: ["apps"], resources: ["statefulsets/scale"], verbs: ["get", "update"] },
];

/**
 * The least that CI's accounts need in a cluster: a Role and its binding in each namespace, and for what belongs to
 * no namespace one ClusterRole each. Namespaces are made beforehand, so that no account may make any.
 */
export function rbacManifests({
  cluster,
  subjects,
  prepullNamespace,
  warmsUp = false,
}: RbacArgs): RbacManifest[] {
  const deploying = warmsUp ? [...DEPLOY, ...SCALE] : DEPLOY;
  const prepulling = warmsUp ? [...PREPULL, ...WARM_UP] : PREPULL;
  const own = {
    staging: namespacesOf(cluster, "staging"),
    prod: namespacesOf(cluster, "prod"),
  };
  const all = [...new Set([...own.staging, ...own.prod])].sort();
  const environments = ["staging", "prod"] as const;
  return [
    ...[...new Set([...all, prepullNamespace])].sort().map(namespaceOf),
    ...environments.flatMap((environment) => [
      ...own[environment].flatMap((namespace) =>
        granted(environment, namespace, deploying, subjects[environment]),
      ),
      ...granted(environment, prepullNamespace, prepulling, subjects[environment], "-prepull"),
      ...granted(
        environment,
        undefined,
        [
          ...clusterRules([...new Set([...own[environment], prepullNamespace])], WRITE),
          ...retirementRules(cluster, environment),
        ],
        subjects[environment],
      ),
    ]),
    ...all.flatMap((namespace) => granted("preview", namespace, PREVIEW, subjects.preview)),
    ...granted("preview", prepullNamespace, [readOf(prepulling)], subjects.preview, "-prepull"),
    ...granted(
      "preview",
      undefined,
      clusterRules([...new Set([...all, prepullNamespace])], ["get"]),
      subjects.preview,
    ),
  ];
}

/** Support has one owner: staging. */
function namespacesOf({ hubs, support }: RbacCluster, environment: Environment): string[] {
  const names = hubs.filter((hub) => hub.environment === environment).map(({ namespace }) => namespace);
  return [
    ...new Set([...names, ...(support && environment === "staging" ? [support.namespace] : [])]),
  ].sort();
}

/** What belongs to no namespace: the namespaces themselves, nodes, and what charts install for the whole cluster. */
function clusterRules(namespaces: readonly string[], verbs: readonly string[]): Rule[] {
  const writes = verbs.includes("patch");
  return [
    {
      apiGroups: [""],
      resources: ["namespaces"],
      verbs: writes ? ["get", "patch"] : ["get"],
      ...(namespaces.length > 0 ? { resourceNames: namespaces } : {}),
    },
    // By its UID, a cluster is known again.
    { apiGroups: [""], resources: ["namespaces"], verbs: ["get"], resourceNames: ["kube-system"] },
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list"] },
    { apiGroups: ["scheduling.k8s.io"], resources: ["priorityclasses"], verbs },
    { apiGroups: [RBAC], resources: ["clusterrolebindings", "clusterroles"], verbs },
  ];
}

/** What keeps the volumes of hubs that are retired; no other deployment touches any. */
function retirementRules({ hubs }: RbacCluster, environment: Environment): Rule[] {
  if (!hubs.some((hub) => hub.environment === environment && hub.retire)) return [];
  return [{ apiGroups: [""], resources: ["persistentvolumes"], verbs: ["get", "patch"] }];
}

const readOf = (rules: readonly Rule[]): Rule => ({
  apiGroups: rules.flatMap(({ apiGroups }) => apiGroups),
  resources: rules.flatMap(({ resources }) => resources),
  verbs: ["get", "list"],
});

const namespaceOf = (name: string): RbacManifest => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

function granted(
  account: Account,
  namespace: string | undefined,
  rules: readonly Rule[],
  subject: Subject,
  suffix = "",
): RbacManifest[] {
  const name = `lectern-${account}${suffix}`;
  const prefix = namespace === undefined ? "Cluster" : "";
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const apiVersion = `${RBAC}/v1`;
  return [
    { apiVersion, kind: `${prefix}Role`, metadata, rules },
    {
      apiVersion,
      kind: `${prefix}RoleBinding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind: `${prefix}Role`, name },
      subjects: [{ apiGroup: RBAC, ...subject }],
    },
  ];
}
