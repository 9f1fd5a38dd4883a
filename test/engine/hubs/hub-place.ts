import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { Account } from "../../../cli/cluster/rbac.ts";
import {
  type Cluster,
  type ClusterPrograms,
  findCluster,
  startCluster,
} from "../../services/cluster/cluster.ts";
import { findHelm } from "../../services/require.ts";
import { LecternOnPulumi } from "../lectern.ts";
import { findKubernetesPlugin, findPulumi } from "../programs.ts";
import { Accounts, type RbacHubs, writePlugin } from "./accounts.ts";
import { HealthEndpoints } from "./health-endpoints.ts";

/** Each has its own control plane, a staging hub and a production hub. */
const CLUSTERS = ["east", "west"] as const;
export type ClusterName = (typeof CLUSTERS)[number];

type Clusters = Readonly<Partial<Record<ClusterName, Cluster>>>;
type AccountsOfClusters = Readonly<Partial<Record<ClusterName, Accounts>>>;
const HUBS = ["staging", "prod"] as const;
type HubName = (typeof HUBS)[number];

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

/** The hubs of each cluster, as its roles depend on them. */
export const RBAC_HUBS: RbacHubs = [
  { environment: "staging", namespace: "staging", retire: false },
  { environment: "prod", namespace: "prod", retire: false },
];

/**
 * Clusters with real control planes, a catalog with their hubs, and the real engine. Each stack is deployed by
 * CI's account of its environment, with the least roles that do, which an exec plugin signs in.
 */
export class HubPlace {
  readonly folder: string;
  readonly catalog: string;
  readonly clusters: Clusters;
  readonly lectern: LecternOnPulumi;
  readonly health: HealthEndpoints;
  /** Who deploys and previews, instead of the account of the stack's environment. */
  as: Account | undefined;
  /** How clusters are reached, instead of by their own kubeconfigs. */
  readonly reached: Partial<Record<ClusterName, (account: Account) => string>> = {};
  readonly #accounts: AccountsOfClusters;

  private constructor(
    cli: string,
    folder: string,
    clusters: Clusters,
    accounts: AccountsOfClusters,
    health: HealthEndpoints,
  ) {
    this.folder = folder;
    this.catalog = join(folder, "catalog");
    this.clusters = clusters;
    this.#accounts = accounts;
    this.health = health;
    mkdirSync(join(this.catalog, "charts"), { recursive: true });
    cpSync(join(import.meta.dirname, "chart"), join(this.catalog, "charts/hub"), { recursive: true });
    const started = CLUSTERS.filter((name) => clusters[name]);
    for (const name of started) {
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
      config: (stack) => ({
        "lectern:clusters": undefined,
        "lectern:gateways": undefined,
        "lectern:kubeconfigs": JSON.stringify(
          Object.fromEntries(
            started
              .filter((name) => existsSync(join(this.catalog, "clusters", name)))
              .map((name) => [name, this.kubeconfig(name, this.as ?? accountOf(stack))]),
          ),
        ),
        "lectern:hubSecrets": JSON.stringify({ "east/staging": { password: PASSWORD } }),
      }),
    });
    const { environment } = this.lectern.pulumi;
    const plugins = join(folder, "bin");
    writePlugin(plugins);
    environment["PATH"] = [environment["PATH"], plugins].join(delimiter);
  }

  static async start(
    cli: string,
    programs: ClusterPrograms,
    names: readonly ClusterName[] = CLUSTERS,
  ): Promise<HubPlace> {
    const health = await HealthEndpoints.start();
    const folder = mkdtempSync(join(tmpdir(), "lectern-hubs-"));
    const clusters: Partial<Record<ClusterName, Cluster>> = {};
    const accounts: Partial<Record<ClusterName, Accounts>> = {};
    for (const name of names) {
      const cluster = await startCluster(programs);
      const body = { metadata: { name: "node-1", labels: { "kubernetes.io/hostname": "node-1" } } };
      await cluster.kubeConfig.makeApiClient(CoreV1Api).createNode({ body });
      clusters[name] = cluster;
      accounts[name] = await Accounts.create(cluster.kubeConfig, join(folder, "accounts", name), RBAC_HUBS);
    }
    return new HubPlace(cli, folder, clusters, accounts, health);
  }

  /** CI's accounts in a cluster. */
  accounts(name: ClusterName): Accounts {
    const accounts = this.#accounts[name];
    if (accounts === undefined) throw new Error(`the cluster ${name} was not started`);
    return accounts;
  }

  /** The kubeconfig that an account of CI's has of a cluster. */
  kubeconfig(name: ClusterName, account: Account): string {
    return this.reached[name]?.(account) ?? this.accounts(name).kubeconfig(account);
  }

  /**
   * Writes a cluster's declaration.
   * @param changes of each of its hubs; null leaves one out, with its values
   * @param more what the cluster has besides, such as its support
   */
  declare(
    name: ClusterName,
    changes: Readonly<Partial<Record<HubName, Readonly<Record<string, unknown>> | null>>> = {},
    more: Readonly<Record<string, unknown>> = {},
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
      hubs: HUBS.filter((one) => changes[one] !== null).map(hub),
      ...more,
    });
    for (const one of HUBS)
      if (changes[one] === null) rmSync(join(this.catalog, `clusters/${name}/${one}.yaml`), { force: true });
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

  /** Makes a volume for the database of a hub, which goes with its claim. */
  async createVolume(name: ClusterName, namespace: string): Promise<void> {
    const spec = {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "",
      capacity: { storage: "1Gi" },
      persistentVolumeReclaimPolicy: "Delete",
      hostPath: { path: `/nowhere/${namespace}` },
      claimRef: { namespace, name: "hub-db-dir" },
    };
    const body = { metadata: { name: `volume-${namespace}` }, spec };
    await this.core(name).createPersistentVolume({ body });
  }

  /** What a hub's ConfigMap holds; undefined where there is none. */
  async configMap(name: ClusterName, namespace: string): Promise<Record<string, string> | undefined> {
    const { items } = await this.core(name).listNamespacedConfigMap({ namespace });
    return items.find(({ metadata }) => metadata?.name === "hub")?.data;
  }

  /** Changes what a hub's ConfigMap holds, as a person does with kubectl. */
  async editByHand(
    name: ClusterName,
    namespace: string,
    data: Readonly<Record<string, string>>,
  ): Promise<void> {
    const merge = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
    const hub = { namespace, name: "hub", fieldManager: "kubectl-edit" };
    await this.core(name).patchNamespacedConfigMap({ ...hub, body: { data } }, merge);
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

  /** What CI's accounts asked of a cluster so far. */
  asked(name: ClusterName): string[] {
    return this.clusters[name]?.asked() ?? [];
  }

  /** What a cluster refused CI's accounts: nothing, where their roles are what they need. */
  refused(name: ClusterName): string[] {
    const refused = this.clusters[name]?.refused() ?? [];
    // The engine's plugin asks for those of the whole cluster while it makes a namespace, and goes on without.
    return refused.filter((request) => request !== "list events");
  }

  async stop(): Promise<void> {
    for (const cluster of Object.values(this.clusters)) await cluster.stop();
    await this.health.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const accountOf = (stack: string): Account => (stack.startsWith("prod") ? "prod" : "staging");

export const PASSWORD = "a-password-that-nobody-may-read";
