import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, KubernetesObjectApi } from "@kubernetes/client-node";
import { type Cluster, type ClusterPrograms, startCluster } from "../services/cluster/cluster.ts";

/** Starts a cluster with the namespace and the nodes that the catalog's hub has, as the one of a home folder. */
export async function startHubCluster(programs: ClusterPrograms, home: string): Promise<Cluster> {
  const cluster = await startCluster(programs);
  mkdirSync(join(home, ".kube"), { recursive: true });
  writeFileSync(join(home, ".kube/config"), cluster.kubeConfig.exportConfig());
  const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: "jupyterhub" } } });
  for (const name of ["standard-1", "standard-2"]) {
    const labels = { "kubernetes.io/os": "linux", "lectern.dev/node-group": "standard" };
    await core.createNode({ body: { metadata: { name, labels } } });
  }
  return cluster;
}

/** Makes the DaemonSets that a state has only as files: an update of one that the cluster lacks would fail. */
export async function createRendered(cluster: Cluster, state: string): Promise<void> {
  const objects = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
  for (const { type, inputs } of JSON.parse(readFileSync(state, "utf8")).deployment.resources) {
    if (type === "kubernetes:apps/v1:DaemonSet") await objects.create(inputs);
  }
}
