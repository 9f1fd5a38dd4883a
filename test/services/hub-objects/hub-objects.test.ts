import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeLines } from "../../../components/hub/objects/change-lines.ts";
import {
  type DeployedHub,
  deployedHub,
  hubPlan,
  type PlannedHub,
} from "../../../components/hub/objects/hub-plan.ts";
import { chartPackages } from "../../../components/hub/objects/render/chart-packages.ts";
import { decodeRecord } from "../../../components/hub/release/record/release-record.ts";
import { type Cluster, findCluster, startCluster } from "../cluster/cluster.ts";
import { findHelm, requireService } from "../require.ts";

const run = promisify(execFile);
const CHART = join(import.meta.dirname, "fixtures/chart");
const NAMESPACE = "staging";
const HUB: PlannedHub = {
  hub: "campus/staging",
  chart: { folder: CHART },
  release: "hub",
  namespace: NAMESPACE,
  values: { level: "INFO", password: "canary-1" },
  secrets: ["canary-1", "canary-2"],
};

const find = () => {
  const [programs, helm] = [findCluster(), findHelm()];
  return programs && helm ? { programs, helm } : undefined;
};

requireService(
  "a Kubernetes API and Helm (cluster/build.sh and helm/build.sh)",
  find,
  ({ programs, helm }) => {
    let cluster: Cluster;
    let core: CoreV1Api;
    let folder: string;
    let kubeconfig: string;

    beforeAll(async () => {
      cluster = await startCluster(programs);
      core = cluster.kubeConfig.makeApiClient(CoreV1Api);
      folder = mkdtempSync(join(tmpdir(), "lectern-objects-"));
      kubeconfig = cluster.kubeConfig.exportConfig();
      writeFileSync(join(folder, "kubeconfig"), kubeconfig, { mode: 0o600 });
      await install(HUB.values);
    });
    afterAll(async () => {
      await cluster?.stop();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    /** As the real thing does, without waiting for pods: this cluster has no nodes. */
    async function install(values: object, release = "hub") {
      const file = join(folder, "values.json");
      writeFileSync(file, JSON.stringify(values));
      const args = ["upgrade", release, CHART, "--install", "--create-namespace", "--namespace", NAMESPACE];
      const env = { ...process.env, KUBECONFIG: join(folder, "kubeconfig") };
      await run(helm, [...args, "--values", file], { env });
    }

    /** Everything in the namespace, as the API server has it. */
    async function snapshot() {
      const [secrets, maps, claims] = await Promise.all([
        core.listNamespacedSecret({ namespace: NAMESPACE }),
        core.listNamespacedConfigMap({ namespace: NAMESPACE }),
        core.listNamespacedPersistentVolumeClaim({ namespace: NAMESPACE }),
      ]);
      return [...secrets.items, ...maps.items, ...claims.items].map(({ metadata }) => [
        metadata?.name,
        metadata?.resourceVersion,
      ]);
    }

    async function deployed(): Promise<DeployedHub> {
      const labelSelector = "owner=helm,name=hub";
      const { items } = await core.listNamespacedSecret({ namespace: NAMESPACE, labelSelector });
      const version = (secret: (typeof items)[number]) => Number(secret.metadata?.labels?.["version"]);
      const [newest] = items.sort((a, b) => version(b) - version(a));
      const secret = { apiVersion: "v1", kind: "Secret", ...JSON.parse(JSON.stringify(newest)) };
      return deployedHub(decodeRecord(secret));
    }

    const planOf = async (values: Record<string, unknown>, more: Partial<PlannedHub> = {}) =>
      hubPlan(
        { ...HUB, values: { ...HUB.values, ...values }, ...more },
        { deployed: await deployed(), cluster: { kubeconfig }, charts: chartPackages(helm), helm, fetch },
      );
    const linesOf = async (values: Record<string, unknown>) => {
      const plan = await planOf(values);
      return plan === undefined ? [] : changeLines(plan);
    };

    describe("the plan of a hub that Helm installed", () => {
      it("is nothing where nothing changes, though its secret was generated", async () => {
        expect(await planOf({})).toBeUndefined();
      });

      it("says what changes, object by object, and what users notice, and changes nothing", async () => {
        const before = await snapshot();
        expect(await linesOf({ level: "DEBUG", extra: { "extra.py": "x" } })).toEqual([
          "hub campus/staging: 2 objects",
          "  ConfigMap hub: +1 key (extra.py), key level INFO → DEBUG",
          "  Deployment hub: restarts because its configuration changed, env LOG_LEVEL INFO → DEBUG",
          '  values: level INFO → DEBUG, extra["extra.py"] unset → x',
          "  the hub restarts: spawning stops for about 10 s; running servers go on",
        ]);
        expect(await snapshot()).toEqual(before);
      });

      it("names images, memory and replicas", async () => {
        expect(await linesOf({ image: "registry.example/hub:1.1.0", memory: "1Gi", replicas: 2 })).toEqual([
          "hub campus/staging: 1 object",
          "  Deployment hub: replicas 1 → 2, image registry.example/hub:1.0.0 → registry.example/hub:1.1.0, memory limit 512Mi → 1Gi",
          "  values: image unset → registry.example/hub:1.1.0, memory unset → 1Gi, replicas unset → 2",
          "  the hub restarts: spawning stops for about 10 s; running servers go on",
        ]);
      });

      it("names a secret and shows neither its value nor the one before", async () => {
        const plan = await planOf({ password: "canary-2" });
        expect(changeLines(plan ?? expect.fail("no plan"))).toEqual([
          "hub campus/staging: 2 objects",
          "  Deployment hub: env DATABASE_PASSWORD changed",
          "  Secret hub: key password changed",
          "  values: password changed",
          "  the hub restarts: spawning stops for about 10 s; running servers go on",
        ]);
        const base64 = ["canary-1", "canary-2"].map((secret) => Buffer.from(secret).toString("base64"));
        expect(JSON.stringify(plan)).not.toMatch(new RegExp(["canary", ...base64].join("|")));
      });

      it("names a value that will be generated, but not one that each rendering generates", async () => {
        expect(await linesOf({ random: true })).toEqual([
          "hub campus/staging: 1 object",
          "  Secret hub: +1 key (salt)",
          "  values: random unset → true",
        ]);
        await install({ ...HUB.values, random: true });
        expect(await linesOf({ random: true })).toEqual([]);
        expect((await linesOf({ random: true, replicas: 2 })).slice(1, 3)).toEqual([
          "  Deployment hub: replicas 1 → 2",
          "  Secret hub: key salt changed (generated at every rendering)",
        ]);
        await install(HUB.values);
      });

      it("says what Kubernetes would refuse", async () => {
        expect((await linesOf({ storage: "500Mi" })).at(-1)).toBe(
          "  PersistentVolumeClaim hub-db-dir: a volume can't shrink, so the deployment would fail",
        );
      });

      it("names a hook that would run", async () => {
        expect((await linesOf({ pull: true }))[1]).toBe("  ConfigMap hook-image-puller (hook): added");
      });

      it("lists the values where the chart can't be rendered, without a value that is secret", async () => {
        const plan = await planOf({ broken: true });
        expect(plan?.notCompared).toMatch(
          /^helm can't render the chart chart \(.*this chart is broken: \[secret\]/,
        );
        expect(JSON.stringify(plan)).not.toContain("canary-1");
      });
    });

    it("a hub that is interrupted is rendered all the same", async () => {
      const { items } = await core.listNamespacedSecret({
        namespace: NAMESPACE,
        labelSelector: "owner=helm,name=hub",
      });
      const [secret] = items;
      if (!secret?.metadata?.name) return expect.fail("no record");
      const before = await deployed();
      const decoded = Buffer.from(Buffer.from(secret.data?.["release"] ?? "", "base64").toString(), "base64");
      const record = JSON.parse(gunzipSync(decoded).toString());
      record.info.status = "pending-upgrade";
      record.version = 2;
      const release = Buffer.from(Buffer.from(JSON.stringify(record)).toString("base64")).toString("base64");
      const name = secret.metadata.name.replace("v1", "v2");
      const labels = { ...secret.metadata.labels, status: "pending-upgrade", version: "2" };
      const body = { metadata: { name, labels }, type: secret.type ?? "", data: { release } };
      await core.createNamespacedSecret({ namespace: NAMESPACE, body });
      const planned = { ...HUB, values: { ...HUB.values, level: "DEBUG" } };
      const options = { deployed: before, cluster: { kubeconfig }, charts: chartPackages(helm), helm, fetch };
      expect((await hubPlan(planned, options))?.objects).toHaveLength(2);
      await core.deleteNamespacedSecret({ namespace: NAMESPACE, name });
    });

    it("a hub that is not installed yet is planned with what it would create, and creates nothing", async () => {
      const before = await snapshot();
      const planned = { ...HUB, hub: "campus/prod", release: "prod", namespace: "prod" };
      const options = {
        deployed: undefined,
        cluster: { kubeconfig },
        charts: chartPackages(helm),
        helm,
        fetch,
      };
      const plan = await hubPlan(planned, options);
      expect(plan?.objects.map(({ kind, change }) => `${change} ${kind}`)).toEqual([
        "added ConfigMap",
        "added Deployment",
        "added PersistentVolumeClaim",
        "added Secret",
      ]);
      expect(await snapshot()).toEqual(before);
      const { items } = await core.listNamespace();
      expect(items.map(({ metadata }) => metadata?.name)).not.toContain("prod");
    });

    it("a cluster that does not answer is reported, with the values that change", async () => {
      const away = kubeconfig.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1");
      const options = {
        deployed: await deployed(),
        cluster: { kubeconfig: away },
        charts: chartPackages(helm),
        helm,
        fetch,
      };
      const plan = await hubPlan({ ...HUB, values: { ...HUB.values, level: "DEBUG" } }, options);
      expect(plan).toMatchObject({
        objects: [],
        values: [{ path: "level", before: "INFO", after: "DEBUG" }],
      });
      expect(plan?.notCompared).toMatch(/^the cluster does not answer helm \(/);
    });
  },
);
