import * as pulumi from "@pulumi/pulumi";
import pLimit from "p-limit";
import type { Cluster } from "../../components/cluster/cluster.ts";
import { DEFAULT_CLUSTER } from "../../components/cluster/config.ts";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { Hub } from "../../components/hub/hub.ts";
import { urlOf } from "../../components/hub/hub-address.ts";
import { changesMessage } from "../../components/hub/objects/changes-message.ts";
import { type DeployedHub, deployedHub, hubPlan } from "../../components/hub/objects/hub-plan.ts";
import { knownSecrets } from "../../components/hub/objects/known-secrets.ts";
import { type ChartPackages, chartPackages } from "../../components/hub/objects/render/chart-packages.ts";
import { isObject } from "../../components/json.ts";
import { formatProblem, LecternError } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";
import { known } from "../outputs/known-output.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import { deployedRelease, isDeployed } from "./release/deployed-release.ts";
import type { ReleasePlan } from "./release/release-plan.ts";
import { keptDeployment } from "./release/rollback.ts";

/** Helm takes a core while it renders: for all clusters together. */
const LIMIT = pLimit(2);

/** Says, in a preview, which objects of each hub would change, and what its users would notice. */
export class ObjectPreview {
  readonly #config: StackConfig;
  readonly #before: OutputEntries<"hubDeployments">;
  readonly #charts: ChartPackages = chartPackages();
  readonly #running: Promise<void>[] = [];

  constructor(config: StackConfig, before: OutputEntries<"hubDeployments">) {
    this.#config = config;
    this.#before = before;
  }

  /** Compares a hub in the background; nothing where this is no preview. */
  compare(hub: HubDeclaration, plan: ReleasePlan, registered: Hub, cluster: Cluster): void {
    const { contact } = this.#config.clusters[hub.cluster] ?? DEFAULT_CLUSTER;
    if (!pulumi.runtime.isDryRun() || !contact) return;
    this.#running.push(LIMIT(() => this.#report(hub, plan, registered, cluster)));
  }

  /** Waits until everything is reported. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    await this.#charts.close();
  }

  async #report(hub: HubDeclaration, plan: ReleasePlan, registered: Hub, cluster: Cluster): Promise<void> {
    const values = await known(pulumi.output(plan.values));
    if (!isObject(values)) {
      pulumi.log.info("the objects of this hub are compared once its images are built", registered);
      return;
    }
    const { record, reached } = await this.#deployed(hub, cluster);
    if (await isDeployed(plan, record)) return;
    const deployed = record ? deployedHub(record) : this.#keptOf(hub);
    const token = this.#config.hubTokens?.[hub.id];
    const url = urlOf(hub);
    const changes = await hubPlan(
      {
        ...hub,
        hub: hub.id,
        chart: plan.chart,
        values,
        secrets: knownSecrets(plan.secretValues, deployed?.values),
      },
      {
        deployed: "unreachable" in reached || record ? deployed : undefined,
        cluster: reached,
        charts: this.#charts,
        fetch,
        ...(token === undefined || url === undefined ? {} : { api: { url, token } }),
      },
    );
    if (changes) await pulumi.log.info(changesMessage(changes), registered);
  }

  /** What the last deployment's outputs have of a hub: for a cluster that does not answer. */
  #keptOf({ id }: HubDeclaration): DeployedHub | undefined {
    const kept = keptDeployment(this.#before.get(id));
    return kept && { objects: [], hooks: [], values: kept.values };
  }

  async #deployed(hub: HubDeclaration, cluster: Cluster) {
    try {
      const { record, kubeconfig } = await deployedRelease(hub, cluster, this.#config);
      return { record, reached: { kubeconfig } };
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      const unreachable = error.problems
        .map((problem) => formatProblem(problem).replace(/\.$/, ""))
        .join("; ");
      return { record: undefined, reached: { unreachable } };
    }
  }
}
