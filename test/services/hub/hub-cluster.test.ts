import { createServer, type Server } from "node:http";
import { networkInterfaces } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { backupCluster } from "../../../components/hub/database/backup-cluster.ts";
import { hubDatabaseBackup } from "../../../components/hub/database/hub-database-backup-provider.ts";
import { runningHub } from "../../../components/hub/database/testing/running-hub.ts";
import { hubHealth } from "../../../components/hub/health/hub-health-provider.ts";
import { healthInputs } from "../../../components/hub/health/testing/health-run.ts";
import { clusterHubReader } from "../../../components/hub/health/watch/cluster-hub-reader.ts";
import type { HubReader } from "../../../components/hub/health/watch/hub-reader.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { makeContext } from "../../../components/resource/context/context.ts";
import { PartialFailure } from "../../../components/resource/provider.ts";
import { type Cluster, findCluster, startCluster } from "../cluster/cluster.ts";
import { requireService } from "../require.ts";

const NAMESPACE = "staging";

requireService("a Kubernetes API (etcd, and what cluster/build.sh builds)", findCluster, (programs) => {
  let cluster: Cluster;
  let core: CoreV1Api;
  let apps: AppsV1Api;
  const said: string[] = [];
  const context = makeContext({
    raw: () => undefined,
    fetch: globalThis.fetch,
    clock: systemClock,
    report: ({ message }) => void said.push(message),
    run: "test",
  });

  beforeAll(async () => {
    cluster = await startCluster(programs);
    core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    apps = cluster.kubeConfig.makeApiClient(AppsV1Api);
    await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
    for (const name of ["node-1", "node-2", "node-3"])
      await core.createNode({ body: { metadata: { name, labels: { "kubernetes.io/hostname": name } } } });
    await createDatabaseVolume();
    const hub = runningHub(NAMESPACE);
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: hub });
    while ((await readyHubs()) === 0) await pause(200);
  });
  afterAll(() => cluster?.stop());

  async function createDatabaseVolume() {
    const accessModes = ["ReadWriteOnce"];
    const capacity = { storage: "1Gi" };
    const volume = { accessModes, capacity, storageClassName: "", hostPath: { path: "/data" } };
    const claim = { accessModes, storageClassName: "", resources: { requests: capacity } };
    await core.createPersistentVolume({ body: { metadata: { name: "volume" }, spec: volume } });
    await core.createNamespacedPersistentVolumeClaim({
      namespace: NAMESPACE,
      body: { metadata: { name: "hub-db-dir" }, spec: claim },
    });
  }

  const pods = async (labelSelector: string) =>
    (await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector })).items;
  const readyHubs = async () =>
    (await pods("component=hub")).filter(({ status }) =>
      status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    ).length;

  /** Checks the hub through the cluster's API alone. @returns what it fails with */
  async function check(readerOf: () => Promise<HubReader>, settle = 0): Promise<readonly string[]> {
    said.length = 0;
    const { url, ...inputs } = healthInputs({ settle, attempts: 1 });
    const failure = await hubHealth(readerOf)
      .create(inputs, context)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    if (failure === undefined) return [];
    if (failure instanceof PartialFailure) return failure.reasons;
    throw failure;
  }
  const reader = () => clusterHubReader(cluster.kubeConfig, NAMESPACE);

  it("backs the database up with a Job beside the hub's pod, which the API accepts, and removes it", async () => {
    const provider = hubDatabaseBackup(() => backupCluster(cluster.kubeConfig, NAMESPACE));
    const inputs = (appVersion: string) => ({
      cluster: "campus",
      namespace: NAMESPACE,
      release: NAMESPACE,
      hub: "campus/staging",
      version: { appVersion },
    });
    const state = { version: { appVersion: "5.3.0" } };
    const running = provider.update("id", state, inputs("5.5.0"), context);
    const nodes = new Set<string | undefined>();
    const watching = (async () => {
      while (nodes.size === 0) {
        for (const { spec } of await pods("app.kubernetes.io/name=lectern-database-backup"))
          if (spec?.nodeName) nodes.add(spec.nodeName);
        await pause(20);
      }
    })();
    const [{ outs }] = await Promise.all([running, watching]);
    expect(outs["backup"]).toMatchObject({ from: "JupyterHub 5.3.0", to: "JupyterHub 5.5.0" });
    const [hub] = await pods("component=hub");
    expect([...nodes]).toEqual([hub?.spec?.nodeName]);
    await expect
      .poll(() => pods("app.kubernetes.io/name=lectern-database-backup").then(({ length }) => length))
      .toBe(0);
  });

  it("asks the hub's endpoint through the API server, and reports what it can't reach", async () => {
    expect((await check(reader))[0]).toMatch(
      /health endpoint answered 503.*check `health\.url`|endpoint answered 404/,
    );
    const address = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (address === undefined) return;
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end();
    });
    const port = await listen(server, address);
    await createHubService(address, port);
    await expect.poll(() => check(reader), { interval: 1_000 }).toEqual([]);
    expect(asked).toContain("/hub/health");
    server.close();
  });

  it("names the pod that restarts while it is watched", async () => {
    const answering = async () => ({ ...(await reader()), askHub: async () => 200 });
    const running = check(answering, 0.5);
    await expect.poll(() => said.some((line) => line.startsWith("watching"))).toBe(true);
    const [hub] = await pods("component=hub");
    const name = hub?.metadata?.name ?? "";
    const [container] = hub?.status?.containerStatuses ?? [];
    if (!hub || !container) throw new Error("no container of the hub");
    container.restartCount = 1;
    container.lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    await core.replaceNamespacedPodStatus({ name, namespace: NAMESPACE, body: hub });
    expect((await running)[0]).toContain(
      `pod ${name}: the container hub restarted (OOMKilled, exit code 137)\n`,
    );
  });

  it("reports that pods may not be listed, and goes on", async () => {
    const nobody = new KubeConfig();
    nobody.loadFromString(cluster.kubeConfig.exportConfig());
    for (const user of nobody.users) Object.assign(user, { impersonateUser: "nobody" });
    const refused = async () => ({
      ...(await clusterHubReader(nobody, NAMESPACE)),
      askHub: async () => 200,
    });
    expect(await check(refused)).toEqual([]);
    expect(said.at(-1)).toContain("may not be listed");
    const askHub = () => clusterHubReader(nobody, NAMESPACE);
    expect((await check(askHub))[0]).toMatch(/endpoint answered 403\. .*services\/proxy/);
  });

  async function createHubService(ip: string, port: number) {
    const labels = { component: "hub" };
    const body = {
      metadata: { name: "hub", labels },
      spec: { ports: [{ name: "hub", port: 8081, targetPort: port }] },
    };
    await core.createNamespacedService({ namespace: NAMESPACE, body });
    const targetRef = { kind: "Pod", namespace: NAMESPACE, name: await podAt(ip) };
    await core.createNamespacedEndpoints({
      namespace: NAMESPACE,
      body: {
        metadata: { name: "hub" },
        subsets: [{ addresses: [{ ip, targetRef }], ports: [{ name: "hub", port }] }],
      },
    });
  }

  /** The API server forwards to a pod alone, and only to the address that its status has. */
  async function podAt(ip: string): Promise<string> {
    const name = "address";
    const labels = { release: "another" };
    const spec = { schedulerName: "none", containers: [{ name: "address", image: "none" }] };
    const body = await core.createNamespacedPod({
      namespace: NAMESPACE,
      body: { metadata: { name, labels }, spec },
    });
    body.status = { ...body.status, podIP: ip, podIPs: [{ ip }] };
    await core.replaceNamespacedPodStatus({ name, namespace: NAMESPACE, body });
    return name;
  }
});

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("no port"));
      else resolve(bound.port);
    });
  });
}
