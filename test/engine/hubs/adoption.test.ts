import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { importCatalog } from "../../../cli/import/import.ts";
import { writeRepository } from "../../../cli/import/testing/repositories.ts";
import { type Cluster, startCluster } from "../../services/cluster/cluster.ts";
import { requireService } from "../../services/require.ts";
import { LecternOnPulumi } from "../lectern.ts";
import { findHubProgramsWithHelm } from "./hub-place.ts";

const MINUTES = 60_000;

const REPOSITORY = {
  "config/clusters/east/cluster.yaml":
    "provider: kubeconfig\nhubs:\n- name: staging\n  helm_chart: hub\n" +
    "  helm_chart_values_files: [common.values.yaml, staging.values.yaml]\n",
  "config/clusters/east/common.values.yaml": "greeting: hello\npassword: open\n",
  "config/clusters/east/staging.values.yaml": "removable: null\n",
};

requireService(
  "the real Pulumi with its Kubernetes plugin, a Kubernetes API and Helm",
  findHubProgramsWithHelm,
  ({ cli, programs, helm }) => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-adoption-"));
    const catalog = join(folder, "catalog");
    const old = join(folder, "old");
    let cluster: Cluster;
    let lectern: LecternOnPulumi;

    beforeAll(async () => {
      cluster = await startCluster(programs);
      const node = { metadata: { name: "node-1" } };
      await cluster.kubeConfig.makeApiClient(CoreV1Api).createNode({ body: node });
      await writeRepository(old, REPOSITORY);
      mkdirSync(join(old, "helm-charts"));
      cpSync(join(import.meta.dirname, "chart"), join(old, "helm-charts/hub"), { recursive: true });
      lectern = new LecternOnPulumi({
        cli,
        folder,
        catalog,
        secretKeys: ["lectern:kubeconfigs"],
        config: {
          "lectern:clusters": undefined,
          "lectern:gateways": undefined,
          "lectern:kubeconfigs": JSON.stringify({ east: cluster.kubeConfig.exportConfig() }),
        },
        environment: { KUBECONFIG: cluster.kubeconfig },
      });
    }, 5 * MINUTES);

    afterAll(async () => {
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** As the deployer of the old repository calls it. */
    function deployByHelm(): void {
      const [common, own] = ["common", "staging"].map((name) =>
        join(old, `config/clusters/east/${name}.values.yaml`),
      );
      const place = ["--install", "--create-namespace", "--namespace=staging", "staging"];
      const values = [`--values=${common}`, `--values=${own}`, `--kubeconfig=${cluster.kubeconfig}`];
      execFileSync(helm, ["upgrade", ...place, join(old, "helm-charts/hub"), ...values], { stdio: "pipe" });
    }

    /** Imports the repository. @returns what takes its running releases over */
    async function importRepository(): Promise<string[]> {
      let out = "";
      const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
        out += String(text);
        return true;
      });
      const code = await importCatalog("2i2c", old, { out: catalog, json: true });
      write.mockRestore();
      expect(code).toBe(0);
      // Nothing answers for a hub whose pods only seem to run.
      const file = join(catalog, "clusters/east/cluster.yaml");
      const { hubs, ...rest } = parse(readFileSync(file, "utf8"));
      const unchecked = hubs.map((hub: object) => ({ ...hub, health: false }));
      writeFileSync(file, stringify({ ...rest, hubs: unchecked }));
      return JSON.parse(out).imports;
    }

    /** What changes where a hub restarts or is made again. */
    async function running() {
      const namespace = "staging";
      const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
      const apps = cluster.kubeConfig.makeApiClient(AppsV1Api);
      const [deployment, secret, { items: pods }] = await Promise.all([
        apps.readNamespacedDeployment({ namespace, name: "hub" }),
        core.readNamespacedSecret({ namespace, name: "hub" }),
        core.listNamespacedPod({ namespace, labelSelector: "app=hub" }),
      ]);
      const { uid, generation } = deployment.metadata ?? {};
      return {
        uid,
        generation,
        cookie: secret.data?.["cookie"],
        pods: pods.map(({ metadata }) => metadata?.uid),
      };
    }

    it("a release that Helm installed is taken over, and the first deployment restarts nothing", {
      timeout: 5 * MINUTES,
    }, async () => {
      deployByHelm();
      await expect.poll(async () => (await running()).pods.length).toBe(1);
      const before = await running();

      for (const command of await importRepository()) {
        const [, ...args] = command.split(" ");
        const taken = await lectern.serve("staging", () =>
          lectern.pulumi.call(...args, "--yes", "--skip-preview"),
        );
        expect(taken.ok, taken.stdout + taken.stderr).toBe(true);
      }
      const up = await lectern.run("up", "staging");
      expect(up.ok, up.stdout + up.stderr).toBe(true);
      expect(up.summary).not.toHaveProperty("replace");
      expect(up.summary).toMatchObject({ update: 1 });
      expect(await running()).toEqual(before);

      const again = await lectern.run("up", "staging");
      expect(Object.keys(again.summary).filter((op) => op !== "same" && op !== "read")).toEqual([]);
    });
  },
);
