import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
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

/**
 * Makes the DaemonSets that a state has, which the cluster lacks: an update of one would fail. They belong to the
 * manager of fields that Pulumi named for them; what was only rendered has none.
 */
export async function createRecorded(cluster: Cluster, state: string): Promise<void> {
  const objects = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
  for (const { type, inputs, outputs } of JSON.parse(readFileSync(state, "utf8")).deployment.resources) {
    if (type !== "kubernetes:apps/v1:DaemonSet") continue;
    const { __fieldManager: manager } = outputs;
    if (manager === undefined) await objects.create(inputs);
    else await objects.patch(inputs, undefined, undefined, manager, undefined, PatchStrategy.ServerSideApply);
  }
}
