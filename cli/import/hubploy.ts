import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadValues } from "../../components/hub/values/file/values-file.ts";
import { isObject, type JsonObject } from "../../components/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { takeChart, takeImage, takeImages } from "./charts.ts";
import { slugOf, type WrittenHub, writeCluster } from "./cluster-yaml.ts";
import { filesBelow, foldersIn, ImportPlan } from "./plan.ts";
import { contextOf } from "./provider-context.ts";
import { type SourceFile, takeValues } from "./values-files.ts";

/** A cluster that deployments name, and its hubs. */
interface Target {
  readonly name: string;
  readonly context: string | undefined;
  readonly hubs: WrittenHub[];
}

/**
 * Plans the import of a repository that HubPloy deploys: a hub for each deployment and environment, with the files
 * in HubPloy's order (`config/common.yaml`, `config/<environment>.yaml`, `secrets/<environment>.yaml`).
 * @throws {LecternError} where the folder has no deployments, or several charts and none is named
 */
export function planHubploy(root: string, options: { readonly chart?: string }): ImportPlan {
  const plan = new ImportPlan(root);
  const deployments = foldersIn(join(root, "deployments")).filter((name) =>
    existsSync(join(root, "deployments", name, "hubploy.yaml")),
  );
  if (deployments.length === 0) throw noDeployments(root);
  const chart = chartOf(root, options.chart);
  takeChart(plan, join(root, chart));
  takeImages(plan, join(root, "images"), (name) => name);
  const targets = new Map<string, Target>();
  for (const name of deployments) {
    const file = join(root, "deployments", name, "hubploy.yaml");
    const config = loadValues(readFileSync(file, "utf8"), file);
    const target = targetOf(targets, isObject(config["cluster"]) ? config["cluster"] : {});
    target.hubs.push(...hubsOf(plan, name, target.name, chart));
    takeDeploymentImages(plan, name);
    plan.noteRest(join(root, "deployments", name), [file]);
  }
  for (const target of targets.values()) writeCluster(plan, target);
  return plan;
}

/** HubPloy is given the chart on its command line. */
function chartOf(root: string, named: string | undefined): string {
  if (named !== undefined) return named;
  const charts = foldersIn(root).filter((name) => existsSync(join(root, name, "Chart.yaml")));
  const [only = "hub"] = charts.length === 1 ? charts : charts.filter((name) => name === "hub");
  if (charts.length < 2 || charts.includes("hub")) return only;
  throw new LecternError({
    code: "several-charts",
    severity: "error",
    message: `the repository has several charts: ${charts.join(", ")}`,
    remedy: "Name the one that `hubploy deploy` is given: --chart <folder>",
  });
}

function targetOf(targets: Map<string, Target>, cluster: JsonObject): Target {
  const provider = String(cluster["provider"] ?? "kubeconfig");
  const details = isObject(cluster[provider]) ? cluster[provider] : {};
  const context = contextOf(provider, details);
  const key = context ?? JSON.stringify([provider, details["cluster"] ?? details]);
  const known = targets.get(key);
  if (known) return known;
  const names = [...targets.values()].map(({ name }) => name);
  const base = slugOf(String(details["cluster"] ?? details["context"] ?? provider)) || "cluster";
  const name = names.includes(base) ? `${base}-${names.length + 1}` : base;
  const target = { name, context, hubs: [] };
  targets.set(key, target);
  return target;
}

function hubsOf(plan: ImportPlan, deployment: string, cluster: string, chart: string): WrittenHub[] {
  const folder = join(plan.root, "deployments", deployment);
  const environments = environmentsOf(folder);
  const staging = environments.filter((one) => one.includes("staging")).map((one) => `${deployment}-${one}`);
  return environments.map((environment): WrittenHub => {
    const name = `${deployment}-${environment}`;
    const files = takeValues(plan, `clusters/${cluster}`, filesOf(plan.root, deployment, environment));
    const isStaging = environment.includes("staging");
    const proof = staging.length > 0 ? { staging } : { gate: "none" as const };
    if (!isStaging && staging.length === 0) noteGate(plan, folder, name);
    return {
      name,
      chart: basename(chart),
      environment: isStaging ? "staging" : "prod",
      ...(isStaging ? {} : proof),
      ...files,
    };
  });
}

/** The environments that a deployment has files for. */
function environmentsOf(folder: string): string[] {
  const files = [...filesBelow(join(folder, "config")), ...filesBelow(join(folder, "secrets"))];
  const names = files.flatMap((path) => /\/(?:config|secrets)\/([^/]+)\.ya?ml$/.exec(path)?.[1] ?? []);
  return [...new Set(names)].filter((name) => name !== "common").sort();
}

function filesOf(root: string, deployment: string, environment: string): SourceFile[] {
  const folder = `deployments/${deployment}`;
  const files = [
    { path: `${folder}/config/common.yaml`, name: `${deployment}/common.yaml`, secret: false },
    {
      path: `${folder}/config/${environment}.yaml`,
      name: `${deployment}/${environment}.yaml`,
      secret: false,
    },
    {
      path: `${folder}/secrets/${environment}.yaml`,
      name: secretName(deployment, environment),
      secret: true,
    },
    // Secrets in a repository of their own.
    {
      path: `secrets/${folder}/secrets/${environment}.yaml`,
      name: secretName(deployment, `${environment}-2`),
      secret: true,
    },
  ];
  return files
    .map((file) => ({ ...file, path: join(root, file.path) }))
    .filter(({ path }) => existsSync(path));
}

const secretName = (deployment: string, file: string) => `${deployment}/secrets/${file}.yaml`;

/** `image/` of a deployment, or several below `images/`. */
function takeDeploymentImages(plan: ImportPlan, deployment: string): void {
  const folder = join(plan.root, "deployments", deployment);
  if (existsSync(join(folder, "image/Dockerfile")))
    takeImage(plan, join(folder, "image"), slugOf(deployment));
  takeImages(plan, join(folder, "images"), (name) => slugOf(`${deployment}-${name}`));
}

function noteGate(plan: ImportPlan, folder: string, hub: string): void {
  const message = `no staging hub proves ${hub}: its gate is none`;
  plan.note("gate", join(folder, "hubploy.yaml"), message, "Add a staging hub, and name it in `staging`");
}

const noDeployments = (root: string) =>
  new LecternError({
    code: "no-deployments",
    severity: "error",
    file: root,
    message: "the folder has no deployments/<name>/hubploy.yaml",
    remedy: "Name the folder of a repository that HubPloy deploys",
  });
