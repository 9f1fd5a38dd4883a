import {
  AdmissionregistrationV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type PrepullDaemonSet, prepullManifests } from "../../../components/cluster/prepull/daemonset.ts";
import { prepullReadinessProvider } from "../../../components/cluster/prepull/readiness/prepull-readiness-provider.ts";
import { makeContext, type Report } from "../../../components/resource/context/context.ts";
import { PartialFailure } from "../../../components/resource/provider.ts";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import { registriesOfEachTest, standIn } from "../registry/registry-fixture.ts";
import { requireService } from "../require.ts";
import { type Cluster, findCluster, startCluster } from "./cluster.ts";

const image = (name: string, digit: string) => `registry.example/${name}@sha256:${digit.repeat(64)}`;
const LAB = image("lab", "a");
/** How much faster the wait's clock goes than the cluster's. */
const FASTER = 10;
const PATIENCE = 600;

/** A node whose disk is full: the test plays its kubelet, and kwok leaves its pods alone. */
const FULL = "full";
const LEFT_ALONE = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata: {name: left-alone}
spec:
  resourceRef: {apiGroup: v1, kind: Pod}
  selector:
    matchExpressions:
      - {key: .metadata.deletionTimestamp, operator: DoesNotExist}
      - {key: .spec.nodeName, operator: In, values: [${FULL}]}
  weight: 1000
  delay: {durationMilliseconds: 3600000}
  next:
    statusTemplate: |
      phase: Pending
`;
const EVICTED = {
  phase: "Failed",
  reason: "Evicted",
  message: "The node was low on resource: ephemeral-storage.",
};

const manifestsIn = (namespace: string): PrepullDaemonSet[] =>
  prepullManifests({
    namespace,
    pauseImage: image("busybox", "e"),
    nodeGroups: [{ slug: "full", node_selector: { disk: "full" } }],
    images: [{ image: LAB, nodeGroups: namespace === "evicts" ? ["full"] : [] }],
  });

requireService("a Kubernetes API (etcd, and what cluster/build.sh builds)", findCluster, (programs) => {
  let cluster: Cluster;
  let core: CoreV1Api;
  let kubelet: NodeJS.Timeout;
  registriesOfEachTest();

  beforeAll(async () => {
    cluster = await startCluster(programs, [LEFT_ALONE]);
    core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    for (const [name, disk] of [
      ["n1", "large"],
      [FULL, "full"],
    ] as const) {
      await addNode(name, { disk });
    }
    kubelet = setInterval(() => void evictAll().catch(() => {}), 100);
  });
  afterAll(async () => {
    clearInterval(kubelet);
    await cluster?.stop();
  });

  /** The scheduler places nothing on a node before kwok has reported its size. */
  async function addNode(name: string, labels: Record<string, string>) {
    const own = { "kubernetes.io/os": "linux", ...labels };
    await core.createNode({ body: { metadata: { name, labels: own } } });
    const isSized = async () => (await core.readNode({ name })).status?.allocatable?.["pods"] !== undefined;
    await vi.waitUntil(isSized, { timeout: 110_000 });
  }

  /** What a kubelet does that finds its disk full: it rejects each pod, and the controller makes another. */
  async function evictAll() {
    const { items } = await core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${FULL}` });
    for (const { metadata: { name = "", namespace = "" } = {}, status } of items) {
      if (status?.phase === "Failed") continue;
      const body = [{ op: "add", path: "/status", value: { ...status, ...EVICTED } }];
      // The controller may have removed it since.
      await core.patchNamespacedPodStatus({ name, namespace, body }).catch(() => {});
    }
  }

  async function inNamespace(name: string, labels: Record<string, string> = {}) {
    await core.createNamespace({ body: { metadata: { name, labels } } });
  }

  /** Applies the DaemonSets and waits for the nodes. @returns what the wait came to, and how long it thought it took */
  async function deploy(manifests: readonly PrepullDaemonSet[], tolerated?: number | string) {
    const objects = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
    for (const manifest of manifests) {
      const body = JSON.parse(JSON.stringify(manifest));
      await objects.patch(body, undefined, undefined, "lectern", true, PatchStrategy.ServerSideApply);
    }
    const begun = Date.now();
    const now = () => begun + (Date.now() - begun) * FASTER;
    const reports: Report[] = [];
    const context = makeContext({
      raw: (key) =>
        key === "kubeconfigs" ? JSON.stringify({ campus: cluster.kubeConfig.exportConfig() }) : undefined,
      fetch,
      clock: {
        now,
        sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds / FASTER)),
      },
      report: (report) => void reports.push(report),
      run: "test",
    });
    const inputs = {
      cluster: "campus",
      patience: PATIENCE,
      daemonSets: manifests,
      ...(tolerated === undefined ? {} : { tolerated }),
    };
    const outcome: unknown = await prepullReadinessProvider.create(inputs, context).catch((error) => error);
    const reasons = outcome instanceof PartialFailure ? outcome.reasons : [];
    return { outcome, reasons, reports, seconds: (now() - begun) / 1000 };
  }

  describe("the wait ends before its time, with the reason, the node and what to do", () => {
    it("where a quota refuses the pods", async () => {
      await inNamespace("quota");
      const hard = { pods: "0" };
      const quota = { metadata: { name: "none" }, spec: { hard } };
      const { metadata } = await core.createNamespacedResourceQuota({ namespace: "quota", body: quota });
      await core.replaceNamespacedResourceQuotaStatus({
        namespace: "quota",
        name: "none",
        body: { ...quota, metadata: { ...metadata }, status: { hard, used: { pods: "0" } } },
      });
      const { reasons, seconds } = await deploy(manifestsIn("quota"));
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(
        /^the namespace quota refuses 2 pods of the DaemonSet prepull-anywhere for 2 images \(full, n1\): FailedCreate: .*exceeded quota: none.*Raise the namespace's quota/,
      );
      expect(seconds).toBeLessThan(PATIENCE);
    });

    it("where PodSecurity refuses them, which it does not with the pods as they are", async () => {
      const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
      await inNamespace("restricted", restricted);
      const pods = async () => (await core.listNamespacedPod({ namespace: "restricted" })).items;
      const [manifest] = manifestsIn("restricted");
      if (!manifest) throw new Error("no manifest");
      const { template } = manifest.spec;
      const rooted = { ...template, spec: { ...template.spec, securityContext: { runAsUser: 0 } } };
      const refused = await deploy([{ ...manifest, spec: { ...manifest.spec, template: rooted } }]);
      expect(refused.reasons[0]).toMatch(
        /violates PodSecurity .*Let the namespace's PodSecurity level admit/,
      );
      expect(refused.seconds).toBeLessThan(PATIENCE);
      expect(await pods()).toEqual([]);
      await deploy([manifest], 1);
      expect((await pods()).length).toBeGreaterThan(0);
    });

    it("where an admission policy refuses them", async () => {
      await inNamespace("policy", { refuses: "pods" });
      const admission = cluster.kubeConfig.makeApiClient(AdmissionregistrationV1Api);
      const rule = { apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] };
      const labels = { matchLabels: { refuses: "pods" } };
      await admission.createValidatingAdmissionPolicy({
        body: {
          metadata: { name: "no-pods" },
          spec: {
            matchConstraints: { resourceRules: [rule] },
            validations: [{ expression: "false", message: "no pods here" }],
          },
        },
      });
      await admission.createValidatingAdmissionPolicyBinding({
        body: {
          metadata: { name: "no-pods" },
          spec: {
            policyName: "no-pods",
            validationActions: ["Deny"],
            matchResources: { namespaceSelector: labels },
          },
        },
      });
      // The API takes a moment to apply a new policy.
      await expect
        .poll(async () => {
          const pod = { metadata: { name: "tried" }, spec: { containers: [{ name: "c", image: LAB }] } };
          const tried = core.createNamespacedPod({ namespace: "policy", body: pod, dryRun: "All" });
          return tried.then(() => "taken").catch((error: Error) => error.message);
        })
        .toMatch(/no pods here/);
      const { reasons, seconds } = await deploy(manifestsIn("policy"));
      expect(reasons[0]).toMatch(/no pods here\. Have the admission policy allow pods with the label/);
      expect(seconds).toBeLessThan(PATIENCE);
    });

    it("where a node evicts them again and again", async () => {
      await inNamespace("evicts");
      const { reasons, seconds } = await deploy(manifestsIn("evicts"));
      expect(reasons).toEqual([
        `${FULL}: ${LAB}: Evicted: The node was low on resource: ephemeral-storage. Free disk space on the node, give it a larger disk, or select fewer images for its node group`,
      ]);
      expect(seconds).toBeLessThan(PATIENCE);
    });
  });

  it("a deployment goes on where as many nodes fail as are tolerated, and says so", async () => {
    await inNamespace("tolerates");
    const { outcome, reports } = await deploy(manifestsIn("tolerates"), "50%");
    expect(outcome).toMatchObject({ outs: { ready: true, held: 1, wanted: 2, failures: [{ node: FULL }] } });
    expect(reports.at(-1)).toMatchObject({
      severity: "warning",
      message: expect.stringMatching(/^tolerated: full: .*: Evicted: /),
    });
  });

  it("an image that a node can't run fails the wait early, though the node may hold it", async () => {
    await inNamespace("platforms");
    const registry = await standIn();
    const { digest } = await seedImage(registry.store, "lab", { content: "x", architecture: "amd64" });
    for (const architecture of ["amd64", "arm64"]) {
      await addNode(`of-${architecture}`, { "kubernetes.io/arch": architecture, disk: "tested" });
    }
    const held = `${registry.host}/lab@${digest}`;
    const { reasons, seconds } = await deploy(
      prepullManifests({
        namespace: "platforms",
        pauseImage: image("busybox", "e"),
        nodeGroups: [{ slug: "tested", node_selector: { disk: "tested" } }],
        images: [{ image: held, nodeGroups: ["tested"] }],
      }),
    );
    expect(reasons.filter((reason) => reason.includes("WrongPlatform"))).toEqual([
      `of-arm64: ${held}: WrongPlatform: the image is for linux/amd64, and the node is linux/arm64. Build the image for the node's platform too, or have the node group select nodes of one, by the label kubernetes.io/arch`,
    ]);
    expect(seconds).toBeLessThan(PATIENCE);
  });
});
