import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { stringify } from "yaml";
import {
  type Cluster,
  type ClusterPrograms,
  findCluster,
  startCluster,
} from "../../services/cluster/cluster.ts";
import { findHelm } from "../../services/require.ts";
import { LecternOnPulumi } from "../lectern.ts";
import { findKubernetesPlugin, findPulumi } from "../programs.ts";

/** Each has its own control plane, a staging hub and a production hub. */
const CLUSTERS = ["east", "west"] as const;
export type ClusterName = (typeof CLUSTERS)[number];

type Clusters = Readonly<Partial<Record<ClusterName, Cluster>>>;
type HubName = "staging" | "prod";

/** The programs of a hub's place: the CLI with its Kubernetes plugin, and a cluster's; undefined where one is missing. */
export function findHubPrograms(): { cli: string; programs: ClusterPrograms } | undefined {
  const [cli, programs] = [findPulumi(), findCluster()];
  return cli && programs && findKubernetesPlugin() ? { cli, programs } : undefined;
}

/** Those, and Helm's own command. */
export function findHubProgramsWithHelm() {
  const [found, helm] = [findHubPrograms(), findHelm()];
  return found && helm ? { ...found, helm } : undefined;
}

/** Clusters with real control planes, a catalog with their hubs, and the real engine. */
export class HubPlace {
  readonly folder = mkdtempSync(join(tmpdir(), "lectern-hubs-"));
  readonly catalog = join(this.folder, "catalog");
  readonly clusters: Clusters;
  readonly lectern: LecternOnPulumi;
  readonly health: HealthEndpoints;

  private constructor(cli: string, clusters: Clusters, health: HealthEndpoints) {
    this.clusters = clusters;
    this.health = health;
    mkdirSync(join(this.catalog, "charts"), { recursive: true });
    cpSync(join(import.meta.dirname, "chart"), join(this.catalog, "charts/hub"), { recursive: true });
    const started = CLUSTERS.flatMap((name) => {
      const cluster = clusters[name];
      return cluster ? [[name, cluster.kubeConfig.exportConfig()] as const] : [];
    });
    for (const [name] of started) {
      this.declare(name);
      this.write(`clusters/${name}/common.yaml`, { greeting: "hello" });
      this.write(`clusters/${name}/staging.yaml`, {});
      this.write(`clusters/${name}/prod.yaml`, { removable: null });
    }
    this.lectern = new LecternOnPulumi({
      cli,
      folder: this.folder,
      catalog: this.catalog,
      secretKeys: ["lectern:kubeconfigs", "lectern:hubSecrets"],
      config: {
        "lectern:clusters": undefined,
        "lectern:gateways": undefined,
        "lectern:kubeconfigs": JSON.stringify(Object.fromEntries(started)),
        "lectern:hubSecrets": JSON.stringify({ "east/staging": { password: PASSWORD } }),
      },
    });
  }

  static async start(
    cli: string,
    programs: ClusterPrograms,
    names: readonly ClusterName[] = CLUSTERS,
  ): Promise<HubPlace> {
    const health = await HealthEndpoints.start();
    const clusters: Partial<Record<ClusterName, Cluster>> = {};
    for (const name of names) {
      const cluster = await startCluster(programs);
      const body = { metadata: { name: "node-1" } };
      await cluster.kubeConfig.makeApiClient(CoreV1Api).createNode({ body });
      clusters[name] = cluster;
    }
    return new HubPlace(cli, clusters, health);
  }

  /** Writes a cluster's declaration. @param changes of each of its hubs */
  declare(
    name: ClusterName,
    changes: Readonly<Partial<Record<HubName, Readonly<Record<string, unknown>>>>> = {},
  ): void {
    const hub = (hubName: HubName) => ({
      name: hubName,
      chart: "hub",
      values: [`${hubName}.yaml`],
      timeout: 240,
      health: this.healthOf(`${name}-${hubName}`),
      ...changes[hubName],
    });
    this.write(`clusters/${name}/cluster.yaml`, {
      values: ["common.yaml"],
      hubs: [hub("staging"), hub("prod")],
    });
  }

  /** How a hub's health is checked. @param limit seconds */
  healthOf(hub: string, { limit = 60 } = {}) {
    return { url: this.health.urlOf(hub), attempts: 1, limit, settle: 0 };
  }

  write(path: string, content: unknown): void {
    const file = join(this.catalog, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : stringify(content));
  }

  kubeConfig(name: ClusterName): KubeConfig {
    const cluster = this.clusters[name];
    if (cluster === undefined) throw new Error(`the cluster ${name} was not started`);
    return cluster.kubeConfig;
  }

  core(name: ClusterName): CoreV1Api {
    return this.kubeConfig(name).makeApiClient(CoreV1Api);
  }

  /** What a hub's ConfigMap holds; undefined where there is none. */
  async configMap(name: ClusterName, namespace: string): Promise<Record<string, string> | undefined> {
    const { items } = await this.core(name).listNamespacedConfigMap({ namespace });
    return items.find(({ metadata }) => metadata?.name === "hub")?.data;
  }

  /** Every object of a hub that Helm or a person could have changed, with its version. */
  async versions(name: ClusterName, namespace: string): Promise<string[]> {
    const core = this.core(name);
    const lists = await Promise.all([
      core.listNamespacedConfigMap({ namespace }),
      core.listNamespacedSecret({ namespace }),
    ]);
    return lists
      .flatMap(({ items }) => items)
      .map(({ metadata }) => `${metadata?.name} ${metadata?.resourceVersion}`)
      .sort();
  }

  async stop(): Promise<void> {
    for (const cluster of Object.values(this.clusters)) await cluster.stop();
    await this.health.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const PASSWORD = "a-password-that-nobody-may-read";

/** Stands in for the health endpoints of hubs, whose pods only seem to run: each answers what a test says. */
export class HealthEndpoints {
  /** Those that answer with an error. */
  readonly broken = new Set<string>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<HealthEndpoints> {
    const server = createServer();
    const endpoints = new HealthEndpoints(server);
    server.on("request", (request, response) => {
      const [, hub = "", ...path] = (request.url ?? "").split("/");
      const isHealthy = path.join("/") === "hub/health" && !endpoints.broken.has(hub);
      response.writeHead(isHealthy ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify({}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return endpoints;
  }

  urlOf(hub: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${hub}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
