import type { KubeConfig, V1Deployment, V1Job, V1Pod } from "@kubernetes/client-node";

/** How far a Job is. */
export type JobProgress =
  | { readonly state: "running"; readonly waiting?: string | undefined }
  | { readonly state: "done" }
  | { readonly state: "failed"; readonly why: string };

/** What a backup asks of the cluster of a hub, in the namespace of its release. */
export interface BackupCluster {
  /** The Deployment of the hub that a release has; undefined where there is none. */
  hub(release: string): Promise<V1Deployment | undefined>;
  createJob(job: V1Job): Promise<void>;
  /** Undefined for an unknown Job. */
  job(name: string): Promise<JobProgress | undefined>;
  /** Deletes it with its pods; one that is gone is fine. */
  deleteJob(name: string): Promise<void>;
}

/** Loads the Kubernetes client, which is large, only then. */
export async function backupCluster(config: KubeConfig, namespace: string): Promise<BackupCluster> {
  const { ApiException, AppsV1Api, BatchV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  const apps = config.makeApiClient(AppsV1Api);
  const batch = config.makeApiClient(BatchV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const unlessGone = async <T>(act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      throw error;
    }
  };
  return {
    hub: async (release) => {
      const labelSelector = "component=hub";
      const { items } = await apps.listNamespacedDeployment({ namespace, labelSelector });
      return items.find(({ metadata }) => (metadata?.labels?.["release"] ?? release) === release);
    },
    createJob: async (body) => void (await batch.createNamespacedJob({ namespace, body })),
    job: async (name) => {
      const job = await unlessGone(() => batch.readNamespacedJob({ namespace, name }));
      if (!job) return undefined;
      const labelSelector = `job-name=${name}`;
      const pods = await core.listNamespacedPod({ namespace, labelSelector });
      return progressOf(job, pods.items);
    },
    deleteJob: async (name) => {
      const propagationPolicy = "Background";
      await unlessGone(() => batch.deleteNamespacedJob({ namespace, name, propagationPolicy }));
    },
  };
}

/** How far a Job is, by its conditions; its pods say why. */
export function progressOf({ status }: V1Job, pods: readonly V1Pod[]): JobProgress {
  const isTrue = (type: string) =>
    status?.conditions?.find((condition) => condition.type === type && condition.status === "True");
  if (isTrue("Complete")) return { state: "done" };
  const failed = isTrue("Failed");
  const containers = pods.flatMap((pod) => pod.status?.containerStatuses ?? []);
  const ended = containers.map(({ state }) => state?.terminated?.message?.trim()).find((text) => text);
  if (failed) return { state: "failed", why: ended ?? failed.message ?? "the Job failed" };
  const waiting = containers.map(({ state }) => state?.waiting).find((one) => one);
  const unscheduled = pods
    .flatMap((pod) => pod.status?.conditions ?? [])
    .find(({ type, status: value }) => type === "PodScheduled" && value === "False");
  return { state: "running", waiting: waiting?.message ?? waiting?.reason ?? unscheduled?.message };
}
