import type { KubeConfig } from "@kubernetes/client-node";
import { LecternError } from "../../../problem/problem.ts";
import { unreachable } from "../../unreachable.ts";
import type { PrepullReader } from "./prepull-wait.ts";

const ours = "app.kubernetes.io/name=lectern-prepull";

/**
 * Reads a cluster through its API; loads the Kubernetes client, which is large, only then. What it returns
 * throws a {@link LecternError} where the API does not answer, or refuses.
 */
export async function clusterReader(cluster: string, config: KubeConfig): Promise<PrepullReader> {
  const { ApiException, AppsV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const ask = async <T>(what: string, act: () => Promise<{ items: T[] }>): Promise<T[]> => {
    try {
      return (await act()).items;
    } catch (error) {
      throw error instanceof ApiException ? refused(cluster, what, error.code) : unreachable(cluster, error);
    }
  };
  /** What only explains what is wrong: where it may not be read, the wait does without. */
  const unlessForbidden = async <T>(act: () => Promise<{ items: T[] }>): Promise<T[] | undefined> => {
    try {
      return (await act()).items;
    } catch (error) {
      if (error instanceof ApiException && error.code < 500) return undefined;
      throw error instanceof ApiException
        ? refused(cluster, "list events or nodes", error.code)
        : unreachable(cluster, error);
    }
  };
  return {
    daemonSets: (namespace) =>
      ask(`list the DaemonSets of the namespace ${namespace}`, () =>
        apps.listNamespacedDaemonSet({ namespace, labelSelector: ours }),
      ),
    pods: (namespace) =>
      ask(`list the pods of the namespace ${namespace}`, () =>
        core.listNamespacedPod({ namespace, labelSelector: ours }),
      ),
    events: async (namespace) =>
      (await unlessForbidden(() =>
        core.listNamespacedEvent({ namespace, fieldSelector: "type=Warning", limit: MOST_EVENTS }),
      )) ?? [],
    nodes: () => unlessForbidden(() => core.listNode()),
  };
}

/** A namespace with many users has many warnings; more than this would only slow the wait down. */
const MOST_EVENTS = 5_000;

function refused(cluster: string, what: string, status: number): LecternError {
  return new LecternError({
    code: "cluster-refused",
    severity: "error",
    message: `can't ${what} of the cluster ${cluster}: its API answered ${status}`,
    remedy:
      status === 401 || status === 403
        ? `Give the account of lectern:kubeconfigs.${cluster} the right to get and list DaemonSets, pods and events there`
        : "Try again; if the error persists, ask the cluster's administrator",
  });
}
