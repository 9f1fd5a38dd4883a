import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
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
