import type {
  KubeConfig,
  V1ConfigMap,
  V1DeleteOptions,
  V1Job,
  V1NetworkPolicy,
  V1Pod,
} from "@kubernetes/client-node";
import { unreachable } from "../../cluster/unreachable.ts";
import { LecternError } from "../../problem/problem.ts";
import { type Owner, PROOF, PROOFS } from "./job-objects.ts";

/** What proofs ask of the cluster of a hub, in its namespace. What is created and is there already stays as it is. */
export interface ProofCluster {
  /** Undefined for an unknown Job. */
  job(name: string): Promise<V1Job | undefined>;
  /** The Jobs of all proofs. */
  proofs(): Promise<readonly V1Job[]>;
  createJob(job: V1Job): Promise<void>;
  createConfigMap(map: V1ConfigMap): Promise<void>;
  createNetworkPolicy(policy: V1NetworkPolicy): Promise<void>;
  /** Lets a suspended Job begin. */
  resumeJob(name: string): Promise<void>;
  /**
   * The UIDs of the Jobs that own the ConfigMaps and NetworkPolicies with a Job's name: of an earlier one with that
   * name, until Kubernetes has collected what it owned.
   */
  owners(job: string): Promise<readonly string[]>;
  /** Begins to delete a Job with its pods; one that is gone is fine, and another with its name stays. */
  deleteJob(job: Owner): Promise<void>;
  /** @param uid the Job's: another with its name has had pods of its own */
  pods(uid: string): Promise<readonly V1Pod[]>;
  /** The end of what a pod has printed; undefined where it is gone, or has printed nothing yet. */
  log(pod: string): Promise<string | undefined>;
  /** What the cluster has noted of a Job, such as why it can't create its pod; the newest last. */
  notes(job: string): Promise<readonly string[]>;
}

/** Lines and bytes of a log: more than a report has. */
const LINES = 3000;
const BYTES = 24 * 2 ** 20;

/** Loads the Kubernetes client, which is large, only then. @param cluster its name in the catalog */
export async function proofCluster(
  config: KubeConfig,
  cluster: string,
  namespace: string,
): Promise<ProofCluster> {
  const { ApiException, BatchV1Api, CoreV1Api, NetworkingV1Api, PatchStrategy, setHeaderOptions } =
    await import("@kubernetes/client-node");
  const batch = config.makeApiClient(BatchV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const networking = config.makeApiClient(NetworkingV1Api);
  /** @param fine statuses that mean that there is nothing to do or to see */
  const ask = async <T>(what: string, act: () => Promise<T>, fine: readonly number[] = []) => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiException)) throw unreachable(cluster, error);
      if (fine.includes(error.code)) return undefined;
      throw refused({ cluster, namespace, what, status: error.code, answer: messageIn(error.body) });
    }
  };
  return {
    job: (name) => ask("read Jobs", () => batch.readNamespacedJob({ namespace, name }), [404]),
    proofs: async () => {
      const labelSelector = `app.kubernetes.io/name=${PROOFS}`;
      const found = await ask("list Jobs", () => batch.listNamespacedJob({ namespace, labelSelector }));
      return found?.items ?? [];
    },
    createJob: async (body) => {
      await ask("create Jobs", () => batch.createNamespacedJob({ namespace, body }), [409]);
    },
    createConfigMap: async (body) => {
      await ask("create ConfigMaps", () => core.createNamespacedConfigMap({ namespace, body }), [409]);
    },
    createNetworkPolicy: async (body) => {
      const act = () => networking.createNamespacedNetworkPolicy({ namespace, body });
      await ask("create NetworkPolicies", act, [409]);
    },
    resumeJob: async (name) => {
      const body = { spec: { suspend: false } };
      const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
      await ask("change Jobs", () => batch.patchNamespacedJob({ namespace, name, body }, options));
    },
    owners: async (job) => {
      const request = { namespace, labelSelector: `${PROOF}=${job}` };
      const maps = await ask("list ConfigMaps", () => core.listNamespacedConfigMap(request));
      const policies = await ask("list NetworkPolicies", () =>
        networking.listNamespacedNetworkPolicy(request),
      );
      return [...(maps?.items ?? []), ...(policies?.items ?? [])].flatMap(
        ({ metadata }) => metadata?.ownerReferences?.map(({ uid }) => uid) ?? [],
      );
    },
    deleteJob: async ({ name, uid }) => {
      // The Job stays until its pods are gone: two of them would take the room of two.
      const body: V1DeleteOptions = { propagationPolicy: "Foreground", preconditions: { uid } };
      await ask("delete Jobs", () => batch.deleteNamespacedJob({ namespace, name, body }), [404, 409]);
    },
    pods: async (uid) => {
      const labelSelector = `batch.kubernetes.io/controller-uid=${uid}`;
      const found = await ask("list Pods", () => core.listNamespacedPod({ namespace, labelSelector }));
      return found?.items ?? [];
    },
    log: (name) => {
      const request = { namespace, name, container: "notebook", tailLines: LINES, limitBytes: BYTES };
      // 400: the container has not started.
      return ask("read the logs of Pods", () => core.readNamespacedPodLog(request), [400, 404]);
    },
    notes: async (name) => {
      const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${name},type=Warning`;
      const found = await ask("list Events", () => core.listNamespacedEvent({ namespace, fieldSelector }));
      return (found?.items ?? []).flatMap(({ message }) => message ?? []);
    },
  };
}

function messageIn(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
  const found = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return found === undefined ? "" : `: ${String(JSON.parse(found))}`;
}

interface Refusal {
  readonly cluster: string;
  readonly namespace: string;
  readonly what: string;
  readonly status: number;
  readonly answer: string;
}

function refused({ cluster, namespace, what, status, answer }: Refusal): LecternError {
  if (status === 404 && answer.includes(`namespaces "${namespace}" not found`))
    return new LecternError({
      code: "proof-namespace-missing",
      severity: "error",
      message: `the cluster ${cluster} does not have the namespace ${namespace} yet, in which notebooks are run`,
      remedy:
        "Deploy its hub first with lectern:prove set to off or warn, or create the namespace, and deploy again",
    });
  const refuses = status === 401 || status === 403 ? "does not let this account" : "refuses to";
  return new LecternError({
    code: "proof-job-refused",
    severity: "error",
    message: `the cluster ${cluster} ${refuses} ${what} in the namespace ${namespace} (${status}${answer})`,
    remedy: REMEDIES[status] ?? "Correct what it names, and deploy again",
  });
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: "Check the credentials of its kubeconfig",
  403: "Give it the roles that `lectern cluster rbac` prints",
};
