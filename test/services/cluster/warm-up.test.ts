import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  AppsV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  SchedulingV1Api,
  type V1Pod,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type PlannedPlaceholder,
  placeholderDeployment,
  scaledPlaceholder,
} from "../../../components/cluster/warm-up/placeholder.ts";
import { scalingRoles, serviceAccount } from "../../../components/cluster/warm-up/reconciler.ts";
import { type Placeholder, windowsText } from "../../../components/cluster/warm-up/windows.ts";
import { requireService } from "../require.ts";
import { type Cluster, findCluster, startCluster } from "./cluster.ts";

const NAMESPACE = "jupyterhub";
const NAME = "lectern-warm-up-prod";
const MINUTE = 60_000;
const PAUSE = `registry.example/busybox@sha256:${"e".repeat(64)}`;
/** A server takes a core, and the node has four. */
const PLANNED = {
  key: "prod/python",
  pod: {
    requests: { cpu: 1, memory: 2 ** 30 },
    nodeSelector: { pool: "users" },
    tolerations: [],
    nodeTerms: [],
    image: undefined,
    isHubs: false,
  },
} satisfies PlannedPlaceholder;

requireService("a Kubernetes API (etcd, and what cluster/build.sh builds)", findCluster, (programs) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-tick-"));
  const placeholder = scaledPlaceholder(PLANNED, NAMESPACE);
  let cluster: Cluster;
  let core: CoreV1Api;
  let apps: AppsV1Api;

  beforeAll(async () => {
    cluster = await startCluster(programs);
    core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    apps = cluster.kubeConfig.makeApiClient(AppsV1Api);
    await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
    const allocatable = { cpu: "4", memory: "16Gi", pods: "110" };
    const labels = { pool: "users", "kubernetes.io/os": "linux" };
    await core.createNode({
      body: { metadata: { name: "users-1", labels }, status: { allocatable, capacity: allocatable } },
    });
    const scheduling = cluster.kubeConfig.makeApiClient(SchedulingV1Api);
    await scheduling.createPriorityClass({
      body: { metadata: { name: NAME }, value: -10, preemptionPolicy: "Never" },
    });
    const objects = KubernetesObjectApi.makeApiClient(cluster.kubeConfig);
    const create = async (apiVersion: string, kind: string, manifest: object) =>
      objects.create(JSON.parse(JSON.stringify({ apiVersion, kind, ...manifest })));
    const settings = { pauseImage: PAUSE, priorityClassName: NAME };
    await create("apps/v1", "Deployment", placeholderDeployment(PLANNED, NAMESPACE, settings));
    const reconciler = {
      name: NAME,
      namespace: NAMESPACE,
      image: "",
      pullSecrets: [],
      placeholders: [placeholder],
    };
    await create("v1", "ServiceAccount", serviceAccount(reconciler));
    for (const { role, binding } of scalingRoles(reconciler)) {
      await create("rbac.authorization.k8s.io/v1", "Role", role);
      await create("rbac.authorization.k8s.io/v1", "RoleBinding", binding);
    }
    writeFileSync(join(folder, "kubeconfig"), await ownKubeconfig());
  }, 300_000);
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How the pod of the CronJob reaches the API: by the token of its account alone. */
  async function ownKubeconfig(): Promise<string> {
    const body = { spec: { audiences: [], expirationSeconds: 3600 } };
    const { status } = await core.createNamespacedServiceAccountToken({
      name: NAME,
      namespace: NAMESPACE,
      body,
    });
    const config = JSON.parse(cluster.kubeConfig.exportConfig());
    return JSON.stringify({ ...config, users: [{ name: "test", user: { token: status?.token } }] });
  }

  /** Runs the real process over a window. @param from minutes from now */
  async function tick(from: number, start: number, to: number, scaled: Placeholder = placeholder) {
    const at = (minutes: number) => Date.now() + minutes * MINUTE;
    const file = join(folder, "windows.json");
    const window = {
      placeholder: "prod/python",
      event: "algebra",
      from: at(from),
      start: at(start),
      to: at(to),
      replicas: 4,
    };
    const windows = { until: at(60 * 24), placeholders: { "prod/python": scaled }, windows: [window] };
    writeFileSync(file, windowsText(windows).text);
    const args = ["tick", "--windows", file, "--kubeconfig", join(folder, "kubeconfig")];
    const child = spawn(process.execPath, [resolve("cli/lectern.mjs"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    const code = await new Promise((ended) => child.on("close", ended));
    return { code, out, err };
  }

  const pods = async (labels: string): Promise<V1Pod[]> => {
    const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: labels });
    return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  };
  const placeholders = async () =>
    (await pods("app.kubernetes.io/name=lectern-warm-up")).filter(({ spec }) => spec?.nodeName !== undefined);

  async function until(check: () => Promise<boolean>) {
    while (!(await check())) await pause(200);
  }

  const replicas = async () =>
    (await apps.readNamespacedDeployment({ name: placeholder.name, namespace: NAMESPACE })).spec?.replicas;

  it("nothing is there before a window, and everything once it opens", async () => {
    expect(await replicas()).toBe(0);
    const before = await tick(10, 40, 50);
    expect([before.code, before.err]).toEqual([0, ""]);
    expect(before.out).toMatch(/nothing to scale; the next event is algebra/);
    const opened = await tick(-1, 30, 40);
    expect([opened.code, opened.err]).toEqual([0, ""]);
    expect(opened.out).toMatch(/ scaled prod\/python 0 → 4\n$/);
    await until(async () => (await placeholders()).length === 4);
    expect(new Set((await placeholders()).map(({ spec }) => spec?.nodeName))).toEqual(new Set(["users-1"]));
  }, 60_000);

  it("a tick that finds everything right only reads", async () => {
    const before = cluster.asked().length;
    expect((await tick(-1, 30, 40)).out).toMatch(/ nothing to scale; /);
    const own = cluster.asked().slice(before);
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((line) => !line.startsWith("get deployments/scale"))).toEqual([]);
  });

  it("a server takes the place of a placeholder at once where its node is full", async () => {
    const container = { name: "notebook", image: PAUSE, resources: { requests: { cpu: "1" } } };
    const body = {
      metadata: { name: "jupyter-ada", labels: { component: "singleuser-server" } },
      spec: { nodeSelector: { pool: "users" }, containers: [container] },
    };
    await core.createNamespacedPod({ namespace: NAMESPACE, body });
    await until(async () => (await pods("component=singleuser-server"))[0]?.spec?.nodeName === "users-1");
    await until(async () => (await placeholders()).length === 3);
    await core.deleteNamespacedPod({ namespace: NAMESPACE, name: "jupyter-ada", gracePeriodSeconds: 0 });
  }, 60_000);

  it("their number falls once the event has begun, and none is left over after it", async () => {
    expect((await tick(-35, -5, 5)).out).toMatch(/ scaled prod\/python 4 → [23]\n$/);
    expect((await tick(-60, -30, -20)).out).toMatch(/ scaled prod\/python [23] → 0\n$/);
    await until(async () => (await placeholders()).length === 0);
    expect(await replicas()).toBe(0);
  }, 60_000);

  it("its account may scale those placeholders, and nothing else", async () => {
    const labels = { app: "hub" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "hub", image: PAUSE }] } };
    const body = {
      metadata: { name: "hub" },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    };
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body });
    const refused = await tick(-1, 30, 40, { ...placeholder, name: "hub" });
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /the Deployment hub in the namespace jupyterhub can't be read: the API does not allow it/,
    );
    const missing = await tick(-1, 30, 40, { ...placeholder, kind: "StatefulSet" });
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("does not allow it") });
  });
});
