import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BatchV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cluster, type ClusterPrograms, findCluster, startCluster } from "../cluster/cluster.ts";
import { findHelm, requireService } from "../require.ts";

const CATALOG = join(import.meta.dirname, "../../../catalog");
const NAMESPACE = "staging";

// Whoever uses the project puts a catalog of their own in the example's place.
const isExample = ["charts/hub", "clusters/campus/common.yaml"].every((path) =>
  existsSync(join(CATALOG, path)),
);

interface Programs {
  readonly helm: string;
  readonly cluster: ClusterPrograms;
}

function find(): Programs | undefined {
  const [helm, cluster] = [findHelm(), findCluster()];
  return helm !== undefined && cluster ? { helm, cluster } : undefined;
}

requireService("a Kubernetes API and Helm (cluster/build.sh, helm/build.sh)", find, (programs) => {
  let cluster: Cluster;
  let core: CoreV1Api;

  beforeAll(async () => {
    cluster = await startCluster(programs.cluster);
    core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    const labels = { "kubernetes.io/os": "linux" };
    await core.createNode({ body: { metadata: { name: "node", labels } } });
    // As a cluster's provisioner would make it.
    await core.createPersistentVolume({
      body: {
        metadata: { name: "volume" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          capacity: { storage: "1Gi" },
          hostPath: { path: "/data" },
        },
      },
    });
  });
  afterAll(() => cluster?.stop());

  /** Installs or upgrades the example's staging hub, and waits until it and its hook are done. */
  const deploy = (...more: string[]) => {
    const values = ["common.yaml", "staging.yaml"].flatMap((name) => [
      "--values",
      join(CATALOG, "clusters/campus", name),
    ]);
    const place = ["--namespace", NAMESPACE, "--create-namespace", "--kubeconfig", cluster.kubeconfig];
    const waiting = ["--wait", "--timeout", "120s"];
    const chart = ["staging", join(CATALOG, "charts/hub")];
    execFileSync(programs.helm, ["upgrade", "--install", ...chart, ...place, ...waiting, ...values, ...more]);
  };
  const secret = async () => (await core.readNamespacedSecret({ name: "hub", namespace: NAMESPACE })).data;
  const hubPods = async () => {
    const labelSelector = "component=hub";
    const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector });
    return items.filter(({ metadata }) => !metadata?.deletionTimestamp).map(({ metadata }) => metadata?.uid);
  };

  it.skipIf(!isExample)(
    "the example's hub installs without a network, and its hook is gone afterwards",
    async () => {
      deploy();
      expect(await hubPods()).toHaveLength(1);
      const claim = await core.readNamespacedPersistentVolumeClaim({
        name: "hub-db-dir",
        namespace: NAMESPACE,
      });
      expect(claim.status?.phase).toBe("Bound");
      const jobs = cluster.kubeConfig.makeApiClient(BatchV1Api);
      expect((await jobs.listNamespacedJob({ namespace: NAMESPACE })).items).toEqual([]);
    },
  );

  it.skipIf(!isExample)(
    "an upgrade keeps the generated secrets, and restarts the hub only for its configuration",
    async () => {
      const [before, pods] = [await secret(), await hubPods()];
      deploy("--set", "proxy.service.type=NodePort");
      expect(await secret()).toEqual(before);
      expect(await hubPods()).toEqual(pods);
      deploy("--set", "singleuser.memory.limit=3G");
      expect(await secret()).toEqual(before);
      expect(await hubPods()).not.toEqual(pods);
    },
  );
});
