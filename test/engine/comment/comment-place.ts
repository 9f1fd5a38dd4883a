import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { makeRepository, notebook, type Repository } from "../../sandbox/repository.ts";
import { type Cluster, type ClusterPrograms, startCluster } from "../../services/cluster/cluster.ts";
import { HealthEndpoints } from "../hubs/health-endpoints.ts";
import { LecternOnPulumi } from "../lectern.ts";

/** A secret that must be in no preview's comment. */
export const CANARY = "canary-9f1c-nobody-may-read-this";

/** The programs that the previews need. */
interface CommentPrograms {
  readonly cli: string;
  readonly helm: string;
  readonly programs: ClusterPrograms;
}

const SCIENCE = "Python for Science";

/** A catalog before and after a pull request, a cluster and the real engine to preview it with. */
export class CommentPlace {
  readonly folder = mkdtempSync(join(tmpdir(), "lectern-comment-"));
  readonly repository: Repository = makeRepository();
  readonly #cluster: Cluster;
  readonly #health: HealthEndpoints;
  readonly #lectern: LecternOnPulumi;

  private constructor(cli: string, helm: string, cluster: Cluster, health: HealthEndpoints) {
    this.#cluster = cluster;
    this.#health = health;
    this.#writeBase();
    this.#lectern = new LecternOnPulumi({
      cli,
      folder: this.folder,
      catalog: this.repository.catalog,
      plugins: [dirname(helm)],
      secretKeys: ["lectern:kubeconfigs", "lectern:hubSecrets"],
      config: {
        "lectern:clusters": JSON.stringify({ campus: { patience: 0 } }),
        "lectern:kubeconfigs": JSON.stringify({ campus: cluster.kubeConfig.exportConfig() }),
        "lectern:hubSecrets": JSON.stringify({
          "campus/staging": { password: CANARY },
          "campus/prod": { password: CANARY },
        }),
      },
    });
  }

  static async start({ cli, helm, programs }: CommentPrograms): Promise<CommentPlace> {
    const health = await HealthEndpoints.start();
    const cluster = await startCluster(programs);
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    await core.createNode({ body: { metadata: { name: "node-1" } } });
    await core.createNamespace({ body: { metadata: { name: "jupyterhub" } } });
    return new CommentPlace(cli, helm, cluster, health);
  }

  /** Deploys a stack as the catalog is. */
  async deploy(stack: "staging" | "prod"): Promise<void> {
    const { ok, stdout, stderr } = await this.#lectern.run("up", stack);
    if (!ok) throw new Error(`${stdout}${stderr}`);
  }

  /** What `pulumi preview --json --show-sames` prints of a stack. */
  async preview(stack: "staging" | "prod"): Promise<string> {
    const assumed = stack === "prod" ? ["--config", "lectern:assumeStaging=true"] : [];
    const { stdout, stderr } = await this.#lectern.serve(stack, async ({ config }) => {
      await runKernels(config);
      return this.#lectern.pulumi.call("preview", "--stack", stack, "--json", "--show-sames", ...assumed);
    });
    if (stdout === "") throw new Error(stderr);
    return stdout;
  }

  /** Makes a copy of the catalog as it is. */
  copyCatalog(name: string): string {
    const copy = join(this.folder, name);
    cpSync(this.repository.catalog, copy, { recursive: true });
    return copy;
  }

  #writeBase(): void {
    const { repository } = this;
    repository.addCourse("bell-states", { title: "Bell states and entanglement", kernelId: SCIENCE });
    repository.addCourse("monte-carlo", { title: "Monte Carlo from first principles", kernelId: SCIENCE });
    repository.addBlog("random-walks", { title: "Why a walk comes home", kernelId: SCIENCE, chapters: 1 });
    this.#writeKernel("python-science", SCIENCE, "lectern/python-science:2025.2");
    cpSync(join(import.meta.dirname, "../hubs/chart"), join(repository.catalog, "charts/hub"), {
      recursive: true,
    });
    const hub = (name: string) => ({
      name,
      chart: "hub",
      values: [`${name}.yaml`],
      timeout: 240,
      health: { url: this.#health.urlOf(name), attempts: 1, limit: 60, settle: 0 },
    });
    repository.write("clusters/campus/cluster.yaml", {
      values: ["common.yaml"],
      hubs: [hub("staging"), hub("prod")],
    });
    repository.write("clusters/campus/common.yaml", { greeting: "hello" });
    repository.write("clusters/campus/staging.yaml", {});
    repository.write("clusters/campus/prod.yaml", { removable: null });
    repository.commit();
  }

  #writeKernel(name: string, displayName: string, image: string): void {
    this.repository.write(
      `kernels/${name}/kernel.yaml`,
      `display_name: ${displayName}\nlanguage: python\nimage: ${image}\n`,
    );
  }

  /** What a pull request changes: a notebook, an image, a new kernel, a value of both hubs. */
  change(): void {
    const { repository } = this;
    const rewritten = notebook("# Chapter 2\nTwo qubits, measured together.") as { cells: object[] };
    const check = { cell_type: "markdown", id: "check", metadata: {}, source: "## Check yourself" };
    repository.write("courses/bell-states/2.ipynb", { ...rewritten, cells: [...rewritten.cells, check] });
    this.#writeKernel("python-science", SCIENCE, "lectern/python-science:2026.1");
    this.#writeKernel("python-quantum", "Python for Quantum", "lectern/python-quantum:2026.1");
    repository.write("clusters/campus/common.yaml", { greeting: "good morning" });
    repository.commit();
  }

  async stop(): Promise<void> {
    await this.#cluster.stop();
    await this.#health.stop();
    this.repository.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Three people work on the stack's gateway. */
async function runKernels(config: Readonly<Record<string, string>>): Promise<void> {
  const gateways: Record<string, { url: string }> = JSON.parse(config["lectern:gateways"] ?? "{}");
  const headers = {
    authorization: `token ${config["lectern:gatewayToken"]}`,
    "content-type": "application/json",
  };
  for (const { url } of Object.values(gateways)) {
    for (let count = 0; count < 3; count += 1) {
      const body = JSON.stringify({ name: "python-science" });
      const { status } = await fetch(`${url}/api/kernels`, { method: "POST", headers, body });
      if (status !== 201) throw new Error(`the gateway started no kernel: ${status}`);
    }
  }
}
