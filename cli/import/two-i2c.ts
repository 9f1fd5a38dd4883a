import { existsSync, readFileSync } from "node:fs";
import { basename, join, normalize, relative } from "node:path";
import { z } from "zod";
import { readValuesFile } from "../../components/hub/values/file/values-file.ts";
import { isObject } from "../../components/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import { takeChart, takeImages } from "./charts.ts";
import { environmentOf, type WrittenHub, writeCluster } from "./cluster-yaml.ts";
import { filesBelow, foldersIn, ImportPlan } from "./plan.ts";
import { contextOf } from "./provider-context.ts";
import { type SourceFile, takeValues } from "./values-files.ts";

const CLUSTERS = "config/clusters";
const files = z.array(z.string()).default([]);

const hubSchema = z.looseObject({
  name: z.string(),
  domain: z.string().optional(),
  helm_chart: z.string(),
  helm_chart_values_files: files,
});

const clusterSchema = z.looseObject({
  name: z.string().optional(),
  provider: z.string(),
  support: z.looseObject({ helm_chart_values_files: files }).optional(),
  hubs: z.array(hubSchema).default([]),
});

type Cluster = z.infer<typeof clusterSchema>;

/** What a hub says that has no counterpart, and changes what is deployed. */
const LOST_OF_HUB = ["chart_override", "domain_override_file", "legacy_daskhub"];
const TAKEN = ["name", "provider", "support", "hubs"];

/**
 * Plans the import of a repository in 2i2c's layout: each `config/clusters/<cluster>` as it is, with the charts
 * in `helm-charts` that its hubs name.
 * @throws {LecternError} where there are no clusters, or a cluster.yaml is malformed
 */
export function plan2i2c(root: string): ImportPlan {
  const plan = new ImportPlan(root);
  const names = foldersIn(join(root, CLUSTERS)).filter((name) =>
    existsSync(join(root, CLUSTERS, name, "cluster.yaml")),
  );
  if (names.length === 0) throw noClusters(root);
  for (const name of names) planCluster(plan, name);
  takeImages(plan, join(root, "helm-charts/images"), (name) => name);
  return plan;
}

function planCluster(plan: ImportPlan, name: string): void {
  const folder = join(plan.root, CLUSTERS, name);
  const file = join(folder, "cluster.yaml");
  const cluster = readCluster(file, plan);
  const target = `clusters/${name}`;
  const take = (paths: readonly string[]) =>
    takeValues(
      plan,
      target,
      paths.map((path) => sourceFile(folder, path)),
    );
  const support = cluster.support && {
    chart: "support",
    ...take([...supportSecrets(plan, folder), ...cluster.support.helm_chart_values_files]),
  };
  if (support) takeChart(plan, join(plan.root, "helm-charts/support"));
  const hasStaging = cluster.hubs.some((hub) => environmentOf({ name: hub.name }) === "staging");
  const hubs = cluster.hubs.map((hub): WrittenHub => {
    takeChart(plan, join(plan.root, "helm-charts", hub.helm_chart));
    const isUngated = environmentOf({ name: hub.name }) === "prod" && !hasStaging;
    if (isUngated) noteGate(plan, file, hub.name);
    for (const key of LOST_OF_HUB.filter((one) => one in hub)) noteLost(plan, file, `${hub.name}: ${key}`);
    return {
      name: hub.name,
      chart: hub.helm_chart,
      ...(hub.domain === undefined ? {} : { domain: hub.domain }),
      ...(isUngated ? { gate: "none" as const } : {}),
      ...take(hub.helm_chart_values_files),
    };
  });
  const { provider } = cluster;
  const details = isObject(cluster[provider]) ? cluster[provider] : {};
  const others = Object.keys(cluster).filter((key) => !TAKEN.includes(key) && key !== provider);
  if (others.length > 0) noteLost(plan, file, others.join(", "));
  writeCluster(plan, { name, context: contextOf(provider, details), ...(support ? { support } : {}), hubs });
  plan.noteRest(folder, [file]);
}

function readCluster(path: string, plan: ImportPlan): Cluster {
  const file = relative(plan.root, path);
  const { values, locate } = readValuesFile(readFileSync(path, "utf8"), file);
  const { data, error } = clusterSchema.safeParse(values);
  if (data) return data;
  throw new LecternError(zodProblems(error, { file, ...(locate ? { locate } : {}) }));
}

/** Secrets that the support chart's folder has for every cluster. */
function supportSecrets(plan: ImportPlan, folder: string): string[] {
  const all = filesBelow(join(plan.root, "helm-charts/support"));
  const secrets = all.filter((path) => /\/support\/enc-[^/]+\.ya?ml$/.test(path));
  return secrets.map((path) => relative(folder, path));
}

/** A file of the cluster's folder keeps its name; one from elsewhere goes below `shared`. */
function sourceFile(folder: string, path: string): SourceFile {
  const inside = normalize(path);
  const name = inside.startsWith("..") ? `shared/${basename(inside)}` : inside;
  const source = join(folder, path);
  return { path: source, name, secret: isSecret(source) };
}

/** As the deployer tells: by the file's name. */
const isSecret = (path: string) => /secret/.test(basename(path));

function noteGate(plan: ImportPlan, file: string, hub: string): void {
  const message = `the cluster has no staging hub that proves ${hub}: its gate is none`;
  plan.note("gate", file, message, "Add a staging hub, and remove `gate: none`");
}

function noteLost(plan: ImportPlan, file: string, what: string): void {
  const remedy = "See whether the deployment needs it: values, or the infrastructure's code, are its place";
  plan.note("not-carried", file, `not carried over: ${what}`, remedy);
}

const noClusters = (root: string) =>
  new LecternError({
    code: "no-clusters",
    severity: "error",
    file: root,
    message: `the folder has no ${CLUSTERS}/<cluster>/cluster.yaml`,
    remedy: "Name the folder of a repository in 2i2c's layout",
  });
