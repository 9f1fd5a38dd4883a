import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { type Cluster, type ClusterPrograms, startCluster } from "../../../services/cluster/cluster.ts";
import { killRoot, killTree } from "../../kill/process-tree.ts";
import { LecternOnPulumi } from "../../lectern.ts";
import type { Operated } from "../../pulumi.ts";
import { HealthEndpoints } from "../health-endpoints.ts";
import { ClusterGate } from "./cluster-gate.ts";
import { HubInspector } from "./hub-inspector.ts";

const CHART = join(import.meta.dirname, "../../../services/hub-release/fixtures/chart");
const STACK = "staging";
/** Hubs that are held keep their step of the engine, and the others need theirs. */
const AT_ONCE = ["--parallel", "100"];

/** A hub's values, whether it goes back to what was healthy last, and whether it is stopped. */
export interface DeclaredHub {
  readonly values: Readonly<Record<string, unknown>>;
  readonly rollback?: boolean;
  readonly retire?: boolean;
}

/** What became of a deployment that was to be killed. */
interface Killed {
  /** Whether it ended before, and then whether it succeeded. */
  readonly ended: boolean;
  readonly ok: boolean;
  readonly output: string;
  /** The processes that the engine left behind. */
  readonly survivors: readonly number[];
}

/** Staging hubs on a cluster behind a gate, each in a namespace of its own, and the real engine. */
export class KillsPlace {
  readonly gate: ClusterGate;
  readonly health: HealthEndpoints;
  readonly lectern: LecternOnPulumi;
  readonly inspector: HubInspector;
  readonly #cluster: Cluster;
  readonly #folder = mkdtempSync(join(tmpdir(), "lectern-kills-"));

  private constructor(cli: string, cluster: Cluster, gate: ClusterGate, health: HealthEndpoints) {
    this.#cluster = cluster;
    this.gate = gate;
    this.health = health;
    this.inspector = new HubInspector(cluster.kubeConfig);
    mkdirSync(join(this.#folder, "catalog/charts"), { recursive: true });
    cpSync(CHART, join(this.#folder, "catalog/charts/hub"), { recursive: true });
    this.lectern = new LecternOnPulumi({
      cli,
      folder: this.#folder,
      catalog: join(this.#folder, "catalog"),
      secretKeys: ["lectern:kubeconfigs"],
      config: {
        "lectern:clusters": undefined,
        "lectern:gateways": undefined,
        "lectern:kubeconfigs": JSON.stringify({ east: gate.kubeconfig }),
      },
    });
  }

  static async start(cli: string, programs: ClusterPrograms): Promise<KillsPlace> {
    const cluster = await startCluster(programs);
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    await core.createNode({ body: { metadata: { name: "node-1" } } });
    const gate = await ClusterGate.before(cluster.kubeConfig);
    return new KillsPlace(cli, cluster, gate, await HealthEndpoints.start());
  }

  /** Adds volumes for hubs to claim, as no provisioner is there to make them. */
  async addVolumes(count: number): Promise<void> {
    const core = this.#cluster.kubeConfig.makeApiClient(CoreV1Api);
    for (let number = 1; number <= count; number++) {
      const spec = {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        // It goes with its claim, as dynamic ones do.
        persistentVolumeReclaimPolicy: "Delete",
        hostPath: { path: "/nowhere" },
      };
      await core.createPersistentVolume({ body: { metadata: { generateName: "volume-" }, spec } });
    }
  }

  /** Declares the hubs of the catalog, and no others. */
  declare(hubs: Readonly<Record<string, DeclaredHub>>): void {
    rmSync(this.#clusterFolder, { recursive: true, force: true });
    const declared = Object.entries(hubs).map(([name, { values, ...flags }]) => {
      this.#write(`${name}.yaml`, values);
      const health = { url: this.health.urlOf(name), attempts: 1, limit: 300, settle: 0 };
      const of = { name, release: "hub", environment: "staging", chart: "hub", values: [`${name}.yaml`] };
      return { ...of, timeout: 240, health, ...flags };
    });
    this.#write("cluster.yaml", { hubs: declared });
  }

  up(...options: string[]): Promise<Operated> {
    return this.lectern.run("up", STACK, ...AT_ONCE, ...options);
  }

  /**
   * Deploys, and kills the engine with its plugins when something has come. The lock of the run that was killed is
   * given back then, as a person does.
   * @throws where the engine ends before
   */
  async upKilled(come: (engine: ChildProcess) => Promise<unknown>): Promise<void> {
    const { ended, output } = await this.upKilledOrEnded(come);
    if (ended) throw new Error(`the deployment ended by itself: ${output.slice(-5000)}`);
  }

  /**
   * Like {@link upKilled}, where the engine may end before.
   * @param kill what is killed: the engine alone leaves its plugins, which go on with what they are at
   */
  async upKilledOrEnded(
    waiting: (engine: ChildProcess) => Promise<unknown>,
    kill: "engine" | "all" = "all",
  ): Promise<Killed> {
    return this.lectern.serve(STACK, async () => {
      const { cli, project, environment } = this.lectern.pulumi;
      const options = ["--yes", "--skip-preview", "--non-interactive", "--stack", STACK, ...AT_ONCE];
      const file = join(this.#folder, "killed.log");
      const log = openSync(file, "w");
      const stdio: StdioOptions = ["ignore", log, log];
      const child = spawn(cli, ["up", ...options], { cwd: project, env: environment, stdio });
      closeSync(log);
      const exit = once(child, "exit");
      const come = waiting(child).then(() => false);
      let survivors: readonly number[] = [];
      const ended = await Promise.race([come, exit.then(() => true)]).finally(async () => {
        if (child.pid !== undefined && child.exitCode === null) {
          if (kill === "all") killTree(child.pid);
          else survivors = killRoot(child.pid);
        }
        await exit;
        this.gate.onCall = () => {};
      });
      const canceled = await this.lectern.pulumi.call("cancel", "--yes", "--stack", STACK);
      if (!canceled.ok) throw new Error(`pulumi cancel: ${canceled.stderr}`);
      return { ended, ok: ended && child.exitCode === 0, output: readFileSync(file, "utf8"), survivors };
    });
  }

  get #clusterFolder(): string {
    return join(this.#folder, "catalog/clusters/east");
  }

  async stop(): Promise<void> {
    await this.gate.stop();
    await this.#cluster.stop();
    await this.health.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(file: string, content: unknown): void {
    const path = join(this.#clusterFolder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, stringify(content));
  }
}
