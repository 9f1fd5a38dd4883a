import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import { clusterReader, kubeConfigOf } from "../../components/cluster/prepull/readiness/cluster-reader.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { StackConfig } from "../../stacks/config.ts";
import type { Content } from "./content.ts";
import { attempt, type Finding } from "./finding.ts";

/** Whether each cluster's API answers, and lets this account read what a deployment waits for. */
export async function checkClusters(config: StackConfig, { clusters }: Content): Promise<Finding[]> {
  const found = clusters.map(({ name }) => {
    const { context, namespace } = config.clusters[name] ?? DEFAULT_CLUSTER;
    return attempt(`the cluster ${name} answers, and its DaemonSets can be read`, async () => {
      const kubeconfig = await kubeConfigOf(name, config.kubeconfigs?.[name], context);
      if (kubeconfig.getCurrentCluster()?.server === CLIENTS_OWN_DEFAULT) throw noKubeconfig(name);
      const reader = await clusterReader(name, kubeconfig);
      await reader.daemonSets(namespace);
    });
  });
  return (await Promise.all(found)).flat();
}

/** What the Kubernetes client takes where it finds no kubeconfig. */
const CLIENTS_OWN_DEFAULT = "http://localhost:8080";

function noKubeconfig(cluster: string): LecternError {
  return new LecternError({
    code: "no-kubeconfig",
    severity: "error",
    message: `there is no kubeconfig for the cluster ${cluster}`,
    remedy: `Log in to the cluster, so that KUBECONFIG or ~/.kube/config has it, or set lectern:kubeconfigs`,
  });
}
