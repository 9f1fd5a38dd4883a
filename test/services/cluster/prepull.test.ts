import { setTimeout as pause } from "node:timers/promises";
import {
  AppsV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  PatchStrategy,
  type V1Pod,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkClusters } from "../../../cli/doctor/checks/clusters.ts";
import type { ClusterFiles } from "../../../components/cluster/cluster-files.ts";
import { DEFAULT_CLUSTER } from "../../../components/cluster/config.ts";
import { HUB_TOLERATIONS } from "../../../components/cluster/node-groups/node-groups-placement.ts";
import { prepullManifests } from "../../../components/cluster/prepull/daemonset.ts";
import { planPrepull } from "../../../components/cluster/prepull/prepull-plan.ts";
import { containerName } from "../../../components/cluster/prepull/prepull-pod.ts";
import { prepullReadinessProvider } from "../../../components/cluster/prepull/readiness/prepull-readiness-provider.ts";
import {
  type PrepullReport,
  reportPrepull,
} from "../../../components/cluster/prepull/readiness/prepull-report.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { makeContext } from "../../../components/resource/context/context.ts";
import { PartialFailure } from "../../../components/resource/provider.ts";
import type { StackConfig } from "../../../stacks/config.ts";
import { requireService } from "../require.ts";
import { type Cluster, findCluster, startCluster } from "./cluster.ts";

const NAMESPACE = "hub";
const image = (name: string, digit: string) => `registry.example/${name}@sha256:${digit.repeat(64)}`;
const [LAB, BAD, CUDA, ANY] = [image("lab", "a"), image("bad", "b"), image("cuda", "c"), image("any", "d")];
const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const DEDICATED = { key: "hub.jupyter.org/dedicated", value: "user", effect: "NoSchedule" };
const MANIFESTS = prepullManifests({
  namespace: NAMESPACE,
  pauseImage: image("busybox", "e"),
  nodeGroups: [
    { slug: "cpu", node_selector: { pool: "cpu" } },
    { slug: "GPU_nodes", node_selector: { pool: "gpu" }, tolerations: [{ ...GPU_TAINT, operator: "Equal" }] },
    { slug: "tpu", node_selector: { pool: "tpu" } },
  ],
  userTolerations: [...HUB_TOLERATIONS],
  images: [
    { image: LAB, nodeGroups: ["cpu", "GPU_nodes"] },
    { image: BAD, nodeGroups: ["cpu"] },
    { image: CUDA, nodeGroups: ["GPU_nodes", "tpu"] },
    { image: ANY, nodeGroups: [] },
  ],
});

/** A node of this name pulls everything but one image, as a kubelet would report it. */
const BAD_NODE = "cpu-2";
const FAILED_PULL = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: {name: pull-fails}
spec:
  resourceRef: {apiGroup: v1, kind: Pod}
  selector:
    matchExpressions:
      - {key: .metadata.deletionTimestamp, operator: DoesNotExist}
      - {key: .spec.nodeName, operator: In, values: [${BAD_NODE}]}
      - {key: '.spec.containers.[].name', operator: In, values: [${containerName(BAD)}]}
  weight: 1000
  delay: {durationMilliseconds: 300}
  next:
    statusTemplate: |
      phase: Pending
      containerStatuses:
      {{ range .spec.containers }}
      - name: {{ .name | Quote }}
        image: {{ .image | Quote }}
        restartCount: 0
        {{ if eq .name "${containerName(BAD)}" }}
        ready: false
        state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling image: not found"}}
        {{ else }}
        ready: true
        state: {running: {startedAt: "2026-01-01T00:00:00Z"}}
        {{ end }}
      {{ end }}
`;

requireService("a Kubernetes API (etcd, and what cluster/build.sh builds)", findCluster, (programs) => {
  let cluster: Cluster;
  let core: CoreV1Api;
  let apps: AppsV1Api;

  beforeAll(async () => {
    cluster = await startCluster(programs, [FAILED_PULL]);
    core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    apps = cluster.kubeConfig.makeApiClient(AppsV1Api);
    await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
    await addNode("cpu-1", { pool: "cpu" });
    await addNode(BAD_NODE, { pool: "cpu" });
    await addNode("cpu-closed", { pool: "cpu" }, [{ key: "maintenance", effect: "NoSchedule" }]);
    await addNode("gpu-1", { pool: "gpu" }, [GPU_TAINT]);
    await addNode("unlabelled", {});
    await addNode("users-alone", {}, [{ ...DEDICATED }]);
    await addNode("windows", { "kubernetes.io/os": "windows" });
  });
  afterAll(() => cluster?.stop());

  async function addNode(
    name: string,
    labels: Record<string, string>,
    taints: { key: string; effect: string }[] = [],
  ) {
    const own = { "kubernetes.io/os": "linux", ...labels };
    await core.createNode({ body: { metadata: { name, labels: own }, spec: { taints } } });
  }

  async function apply() {
    const objects = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
    for (const manifest of MANIFESTS) {
      const body = JSON.parse(JSON.stringify(manifest));
      await objects.patch(body, undefined, undefined, "lectern", true, PatchStrategy.ServerSideApply);
    }
  }

  const pods = async (): Promise<V1Pod[]> => (await core.listNamespacedPod({ namespace: NAMESPACE })).items;
  const daemonSets = async () => (await apps.listNamespacedDaemonSet({ namespace: NAMESPACE })).items;

  async function reportOnce(check: (report: PrepullReport) => boolean): Promise<PrepullReport> {
    const deadline = Date.now() + 45_000;
    for (;;) {
      const report = reportPrepull(MANIFESTS, await daemonSets(), await pods());
      if (check(report) || Date.now() > deadline) return report;
      await pause(200);
    }
  }

  /** The images that the cluster has put on each node, by the pods that it made. */
  async function imagesByNode(): Promise<Record<string, string[]>> {
    const byNode: Record<string, string[]> = {};
    for (const pod of await pods()) {
      const node = pod.spec?.nodeName ?? "none";
      const images = pod.spec?.containers.map((container) => container.image ?? "") ?? [];
      byNode[node] = [...(byNode[node] ?? []), ...images].sort();
    }
    return byNode;
  }

  it("each node gets exactly its images; one that fails is named with its node, the others are held", async () => {
    await apply();
    const report = await reportOnce(({ failures, held }) => failures.length > 0 && held === 9);
    expect(report.failures).toEqual([
      {
        node: BAD_NODE,
        image: BAD,
        reason: "ImagePullBackOff",
        message: "Back-off pulling image: not found",
      },
    ]);
    expect(report).toMatchObject({ ready: false, held: 9, wanted: 10, waiting: [] });
    expect(await imagesByNode()).toEqual({
      "cpu-1": [ANY, BAD, LAB].sort(),
      [BAD_NODE]: [ANY, BAD, LAB].sort(),
      "gpu-1": [CUDA, LAB].sort(),
      unlabelled: [ANY],
      "users-alone": [ANY],
    });
  });

  it("the DaemonSets without a failure are ready, and a selector that matches no node is reported", async () => {
    const { notices } = await reportOnce(({ notices }) => notices.length > 0);
    expect(notices).toMatchObject([{ code: "no-node", path: "tpu" }]);
    const ready = (await daemonSets()).map(({ metadata, status }) => [
      metadata?.annotations?.["lectern.dev/node-group"] ?? "",
      status?.numberReady,
      status?.desiredNumberScheduled,
    ]);
    expect(ready.sort()).toEqual([
      ["", 4, 4],
      ["GPU_nodes", 1, 1],
      ["cpu", 1, 2],
      ["tpu", 0, 0],
    ]);
  });

  it("our plan puts the images where the cluster puts them", async () => {
    const nodes = (await core.listNode()).items.map(({ metadata, spec }) => ({
      metadata: { name: metadata?.name, labels: metadata?.labels },
      spec: { taints: spec?.taints },
    }));
    const planned: Record<string, string[]> = {};
    for (const { images, nodes: names } of planPrepull(MANIFESTS, nodes).groups) {
      for (const name of names) planned[name] = [...(planned[name] ?? []), ...images].sort();
    }
    expect(planned).toEqual(await imagesByNode());
  });

  it("our plan bears the taints that the cluster's DaemonSets bear, with their effects", async () => {
    const [pod] = (await pods()).filter(({ spec }) => spec?.nodeName === "unlabelled");
    const added = (pod?.spec?.tolerations ?? []).filter(({ key }) => key?.startsWith("node.kubernetes.io/"));
    expect(added.length).toBeGreaterThan(0);
    const anywhere = MANIFESTS.filter(({ metadata }) => metadata.name === "prepull-anywhere");
    for (const { key = "" } of added) {
      for (const effect of ["NoSchedule", "NoExecute"]) {
        const labels = { "kubernetes.io/os": "linux" };
        const node = { metadata: { name: "n", labels }, spec: { taints: [{ key, effect }] } };
        const isBorne = added.some((it) => it.key === key && it.effect === effect);
        expect(planPrepull(anywhere, [node]).pulls, `${key}:${effect}`).toBe(isBorne ? 1 : 0);
      }
    }
  });

  it("applying the same selection again changes nothing", async () => {
    const generations = async () => (await daemonSets()).map(({ metadata }) => metadata?.generation);
    const before = await generations();
    await apply();
    expect(await generations()).toEqual(before);
  });

  it("a node that is added later is served by itself", async () => {
    await addNode("cpu-3", { pool: "cpu" });
    const report = await reportOnce(({ held }) => held === 12);
    expect(report).toMatchObject({ held: 12, wanted: 13 });
    expect((await imagesByNode())["cpu-3"]).toEqual([ANY, BAD, LAB].sort());
  });

  it("the doctor says later which nodes lack images", async () => {
    const content = { hasArticles: false, kernels: [], clusters: [{ name: "campus" } as ClusterFiles] };
    const config = {
      clusters: { campus: { ...DEFAULT_CLUSTER, namespace: NAMESPACE } },
      kubeconfigs: { campus: cluster.kubeConfig.exportConfig() },
    } as unknown as StackConfig;
    await reportOnce(({ held }) => held === 12);
    expect(await checkClusters(config, content)).toMatchObject([
      { state: "passed", message: "the cluster campus answers, and its DaemonSets can be read" },
      {
        state: "failed",
        message: expect.stringMatching(
          /^the nodes of the cluster campus hold 12 of 13 images: cpu-2: .*bad@.*: ImagePullBackOff: /,
        ),
      },
    ]);
    const tolerant = { ...DEFAULT_CLUSTER, namespace: NAMESPACE, toleratedFailures: 1 };
    expect(await checkClusters({ ...config, clusters: { campus: tolerant } }, content)).toMatchObject([
      { state: "passed" },
      { state: "passed", message: "the nodes of the cluster campus hold 12 of 13 images" },
    ]);
  });

  describe("the step of a deployment that waits", () => {
    const context = () =>
      makeContext({
        raw: (key) =>
          key === "kubeconfigs" ? JSON.stringify({ campus: cluster.kubeConfig.exportConfig() }) : undefined,
        fetch,
        clock: systemClock,
        report: () => {},
        run: "test",
      });
    const inputsFor = (group: string) => ({
      cluster: "campus",
      patience: 20,
      daemonSets: MANIFESTS.filter(
        ({ metadata }) => metadata.annotations["lectern.dev/node-group"] === group,
      ),
    });

    it("is done where every node holds every image, and then is no change", async () => {
      const inputs = inputsFor("GPU_nodes");
      const { id, outs } = await prepullReadinessProvider.create(inputs, context());
      expect(outs).toMatchObject({ ready: true, held: 2, wanted: 2, failures: [] });
      expect(await prepullReadinessProvider.diff(id, outs, inputs, context())).toEqual({ changes: false });
    });

    it("fails in part where one image fails, naming its node, and is tried again by the next run", async () => {
      const inputs = { ...inputsFor("cpu"), patience: 1 };
      const failure = await prepullReadinessProvider.create(inputs, context()).catch((error) => error);
      expect(failure).toBeInstanceOf(PartialFailure);
      expect(failure.reasons).toEqual([
        `${BAD_NODE}: ${BAD}: ImagePullBackOff: Back-off pulling image: not found. Check that the registry still has this image under this digest, and push it again if not`,
      ]);
      const diff = await prepullReadinessProvider.diff(failure.id, failure.properties, inputs, context());
      expect(diff.changes).toBe(true);
      const read = await prepullReadinessProvider.read(failure.id, failure.properties, context());
      expect(read.props).toMatchObject({ ready: false, failures: [{ node: BAD_NODE, image: BAD }] });
    });
  });
});
