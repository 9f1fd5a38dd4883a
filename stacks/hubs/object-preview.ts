import * as pulumi from "@pulumi/pulumi";
import pLimit from "p-limit";
import type { Cluster } from "../../components/cluster/cluster.ts";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { kubeConfigOf } from "../../components/cluster/kube-config.ts";
import { type Hub, urlOf } from "../../components/hub/hub.ts";
import { changesMessage } from "../../components/hub/objects/changes-message.ts";
import { type DeployedHub, hubPlan } from "../../components/hub/objects/hub-plan.ts";
import type { Manifest } from "../../components/hub/objects/manifests.ts";
import { type ChartPackages, chartPackages } from "../../components/hub/objects/render/chart-packages.ts";
import { kubernetesApi } from "../../components/hub/release/api/kubernetes-api.ts";
import type { KubernetesObject } from "../../components/hub/release/api/kubernetes-object.ts";
import { deployedRecord } from "../../components/hub/release/record/release-history.ts";
import type { ReleaseRecord } from "../../components/hub/release/record/release-record.ts";
import { isObject, type JsonObject } from "../../components/json.ts";
import { formatProblem, LecternError } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";
import type { ReleasePlan } from "./release-plan.ts";

/** Helm takes a core while it renders: for all clusters together. */
const LIMIT = pLimit(2);

/** Says, in a preview, which objects of each hub would change, and what its users would notice. */
export class ObjectPreview {
  readonly #config: StackConfig;
  readonly #charts: ChartPackages = chartPackages();
  readonly #running: Promise<void>[] = [];

  constructor(config: StackConfig) {
    this.#config = config;
  }

  /** Compares a hub in the background; nothing where this is no preview. */
  compare(hub: HubDeclaration, plan: ReleasePlan, registered: Hub, cluster: Cluster): void {
    const { contact = true } = this.#config.clusters[hub.cluster] ?? {};
    if (!pulumi.runtime.isDryRun() || !contact) return;
    this.#running.push(LIMIT(() => this.#report(hub, plan, registered, cluster)));
  }

  /** Waits until everything is reported. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    await this.#charts.close();
  }

  async #report(hub: HubDeclaration, plan: ReleasePlan, registered: Hub, cluster: Cluster): Promise<void> {
    const values = await knownValues(plan.values);
    if (!values) {
      pulumi.log.info("the objects of this hub are compared once its images are built", registered);
      return;
    }
    const { deployed, reached } = await this.#deployed(hub, cluster);
    const token = this.#config.hubTokens?.[hub.id];
    const url = urlOf(hub);
    const changes = await hubPlan(
      { ...hub, hub: hub.id, chart: plan.chart, values, secrets: textsIn(plan.secretValues) },
      {
        deployed,
        cluster: reached,
        charts: this.#charts,
        fetch,
        ...(token === undefined || url === undefined ? {} : { api: { url, token } }),
      },
    );
    if (changes) await pulumi.log.info(changesMessage(changes), registered);
  }

  async #deployed(hub: HubDeclaration, { access, name }: Cluster) {
    try {
      const config = await kubeConfigOf(access, this.#config.kubeconfigs?.[name]);
      const api = await kubernetesApi(name, config, hub.namespace);
      const record = await deployedRecord(api, hub);
      return { deployed: record && asDeployed(record), reached: { kubeconfig: config.exportConfig() } };
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      const unreachable = error.problems
        .map((problem) => formatProblem(problem).replace(/\.$/, ""))
        .join("; ");
      return { deployed: undefined, reached: { unreachable } };
    }
  }
}

const asDeployed = ({ manifest, hooks, config, chart }: ReleaseRecord): DeployedHub => ({
  objects: manifest.map(asManifest),
  hooks: hooks.flatMap(({ objects }) => objects.map(asManifest)),
  values: config,
  appVersion: chart.appVersion,
});

const asManifest = (object: KubernetesObject): Manifest => ({
  ...object,
  metadata: { ...object.metadata, name: object.metadata.name },
});

/** Values whose images are known; undefined where one is built first. */
async function knownValues(values: JsonObject): Promise<JsonObject | undefined> {
  const output = pulumi.output(values);
  // Every output has it; the SDK's types leave it out.
  const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
  if (!(await isKnown)) return undefined;
  return new Promise((resolve) => output.apply((known) => resolve(known as JsonObject)));
}

/** Every text of secret values, which nothing may show. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (isObject(value)) return Object.values(value).flatMap(textsIn);
  return value === null || value === undefined || typeof value === "boolean" ? [] : [String(value)];
}
