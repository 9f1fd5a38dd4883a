import type { KubeConfig } from "@kubernetes/client-node";
import { LecternError } from "../../../problem/problem.ts";
import type { PrepullReader } from "./prepull-wait.ts";

const ours = "app.kubernetes.io/name=lectern-prepull";

/** Reads a cluster through its API; loads the Kubernetes client, which is large, only then. */
export async function clusterReader(config: KubeConfig): Promise<PrepullReader> {
  const { AppsV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  return {
    daemonSets: async (namespace) =>
      (await apps.listNamespacedDaemonSet({ namespace, labelSelector: ours })).items,
    pods: async (namespace) => (await core.listNamespacedPod({ namespace, labelSelector: ours })).items,
  };
}

/**
 * The kubeconfig of a cluster: its own, else that of whoever deploys.
 * @param own its text, from `lectern:kubeconfigs`
 * @param context the kubeconfig's context, where not its current one is meant
 * @throws {LecternError} where it is malformed; never with its content
 */
export async function kubeConfigOf(
  cluster: string,
  own: string | undefined,
  context?: string,
): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import("@kubernetes/client-node");
  const config = new Config();
  try {
    if (own === undefined) config.loadFromDefault();
    else config.loadFromString(own);
    if (context !== undefined) config.setCurrentContext(context);
    return config;
  } catch {
    throw new LecternError({
      code: "malformed-kubeconfig",
      severity: "error",
      path: `lectern:kubeconfigs.${cluster}`,
      message: "this is not a kubeconfig",
      remedy:
        "Set lectern:kubeconfigs to a JSON object that maps the cluster's name to the text of its kubeconfig",
    });
  }
}
