import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { callSandbox, changesOf, report } from "../../sandbox/command.ts";
import { type Cluster, startCluster } from "../../services/cluster/cluster.ts";
import { requireService } from "../../services/require.ts";
import { PLUGIN_FOLDERS } from "../programs.ts";
import { HealthEndpoints } from "./health-endpoints.ts";
import { findHubProgramsWithHelm } from "./hub-place.ts";

const MINUTES = 60_000;
const EXAMPLE = join(import.meta.dirname, "../../../catalog");
const HUBS = ["staging", "prod"];

// Whoever uses the project puts a catalog of their own in the example's place.
const isExample = ["charts/hub", "clusters/campus/staging.yaml"].every((path) =>
  existsSync(join(EXAMPLE, path)),
);

requireService(
  "the real Pulumi with its Kubernetes plugin, a Kubernetes API and Helm",
  findHubProgramsWithHelm,
  ({ cli, programs, helm }) => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-sandbox-hubs-"));
    const catalog = join(folder, "catalog");
    let cluster: Cluster;
    let core: CoreV1Api;
    let health: HealthEndpoints;

    beforeAll(async () => {
      cluster = await startCluster(programs);
      core = cluster.kubeConfig.makeApiClient(CoreV1Api);
      health = await HealthEndpoints.start();
      await core.createNode({
        body: { metadata: { name: "node", labels: { "kubernetes.io/os": "linux" } } },
      });
      for (const hub of HUBS) await createVolume(hub);
      copyExample();
    }, 5 * MINUTES);
    afterAll(async () => {
      await cluster?.stop();
      await health?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** As a cluster's provisioner makes one for the claim of a hub's database. */
    const createVolume = (namespace: string) =>
      core.createPersistentVolume({
        body: {
          metadata: { name: `volume-${namespace}` },
          spec: {
            accessModes: ["ReadWriteOnce"],
            capacity: { storage: "10Gi" },
            hostPath: { path: `/nowhere/${namespace}` },
            claimRef: { namespace, name: "hub-db-dir" },
          },
        },
      });

    /** The example's cluster and charts. Its pods only seem to run, so the health of its hubs is asked elsewhere. */
    function copyExample(): void {
      mkdirSync(catalog, { recursive: true });
      for (const name of ["charts", "clusters"])
        cpSync(join(EXAMPLE, name), join(catalog, name), { recursive: true });
      const file = join(catalog, "clusters/campus/cluster.yaml");
      const declared = parseDocument(readFileSync(file, "utf8"));
      HUBS.forEach((hub, index) => {
        declared.setIn(["hubs", index, "health"], {
          url: health.urlOf(hub),
          attempts: 1,
          limit: 60,
          settle: 0,
        });
      });
      writeFileSync(file, declared.toString());
    }

    const call = (command: string, ...options: string[]) => {
      const place = ["--catalog", catalog, "--state", join(folder, "state")];
      const engine = ["--engine", "pulumi", "--kubeconfig", cluster.kubeconfig];
      const path = [process.env["PATH"], dirname(cli), ...PLUGIN_FOLDERS, dirname(helm)].join(delimiter);
      return callSandbox([command, ...engine, ...place, ...options], { PATH: path });
    };
    const json = async (command: string) => report(await call(command, "--json"));
    const configMap = async (namespace: string) =>
      (await core.readNamespacedConfigMap({ name: "hub", namespace })).data;

    it.skipIf(!isExample)(
      "`sandbox up --kubeconfig` installs the example's hubs, changes them, and says what it leaves when they go",
      { timeout: 15 * MINUTES },
      async () => {
        const first = await json("up");
        expect(first.ok, JSON.stringify(first.diagnostics)).toBe(true);
        expect(first.outputs["hubs"]).toMatchObject({
          "campus/staging": { healthy: true },
          "campus/prod": { healthy: true },
        });
        for (const hub of HUBS) {
          const claim = await core.readNamespacedPersistentVolumeClaim({
            name: "hub-db-dir",
            namespace: hub,
          });
          expect(claim.status?.phase).toBe("Bound");
        }
        const again = await call("up", "--expect-no-changes");
        expect(again.code, again.stdout + again.stderr).toBe(0);

        const values = join(catalog, "clusters/campus/staging.yaml");
        writeFileSync(values, readFileSync(values, "utf8").replace("memory:", "memory:\n    limit: 3G"));
        const { stdout } = await call("preview");
        expect(stdout).toMatch(/ConfigMap hub: key singleuser\.json changed/);
        expect(stdout).toMatch(/values: singleuser\.memory\.limit 2G → 3G/);
        expect(await configMap("staging")).not.toHaveProperty(
          "singleuser.json",
          expect.stringContaining("3G"),
        );
        const changed = await json("up");
        expect(changesOf(changed)).toContain("update Release campus/staging");
        expect(changesOf(changed)).not.toContain("update Release campus/prod");
        expect(await configMap("staging")).toHaveProperty("singleuser.json", expect.stringContaining("3G"));

        const gone = await call("destroy");
        expect(gone.code, gone.stdout + gone.stderr).toBe(0);
        expect(gone.stdout).toMatch(
          /These namespaces stay, with the volumes of users in them: .*prod, staging/,
        );
        for (const hub of HUBS) {
          const { items } = await core.listNamespacedConfigMap({ namespace: hub });
          expect(items.map(({ metadata }) => metadata?.name)).not.toContain("hub");
        }
      },
    );
  },
);
