import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isObject, type JsonObject } from "../../../json.ts";
import { LecternError } from "../../../problem/problem.ts";
import { type ChartReference, chartName } from "../../chart/chart-reference.ts";
import type { Rendered } from "../compare/compare-objects.ts";
import { type Manifest, manifestsIn } from "../manifests.ts";
import { helmProblem } from "./helm-problem.ts";
import { type HelmOutcome, runHelm } from "./helm-process.ts";

export interface RenderOptions {
  readonly chart: ChartReference;
  /** The chart's package or folder on this machine, where it was fetched already. */
  readonly package?: string | undefined;
  readonly release: string;
  readonly namespace: string;
  /** All values that the release is given, secret ones included; helm reads them from standard input. */
  readonly values: JsonObject;
  /** The values among them that no message may hold. */
  readonly secrets?: Iterable<string>;
  /** The text of the cluster's kubeconfig; without one, the chart is rendered without a cluster. */
  readonly kubeconfig?: string | undefined;
  /** The program. @default helm, from PATH */
  readonly helm?: string | undefined;
  /** Milliseconds. @default 60000 */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a deployment of a release would give Kubernetes. */
export interface RenderedRelease extends Rendered {
  /** The application's version as the chart says it: of Zero to JupyterHub's, JupyterHub's. */
  readonly appVersion?: string;
}

/**
 * Renders a release as an upgrade (or a first install) would, and changes nothing. With a cluster it is a dry run
 * on the server's side: `lookup` sees what is there, and the capabilities are the cluster's own.
 * @throws {LecternError} with one problem whose code is a {@link HelmFailure}; never with a value
 */
export async function renderRelease(options: RenderOptions): Promise<RenderedRelease> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-helm-"));
  try {
    const env: Record<string, string> = {};
    if (options.kubeconfig !== undefined) {
      env["KUBECONFIG"] = join(folder, "kubeconfig");
      await writeFile(env["KUBECONFIG"], options.kubeconfig, { mode: 0o600 });
    }
    const run = (args: readonly string[]) => runHelm({ ...common(options), args, env });
    if (options.kubeconfig === undefined)
      return ofTemplate(await run(templateArgs(options, "client")), options);
    const outcome = await run(upgradeArgs(options));
    // A release that was interrupted refuses an upgrade; the deployment heals it first.
    const isPending =
      outcome.ended === "failed" && /another operation \(.*\) is in progress/.test(outcome.said);
    return isPending
      ? ofTemplate(await run(templateArgs(options, "server")), options)
      : ofUpgrade(outcome, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const common = ({ helm, values, timeout = 60_000, signal }: RenderOptions) => ({
  helm,
  input: JSON.stringify(values),
  timeout,
  signal,
});

/** Where helm finds the chart. */
export function chartArgs(chart: ChartReference): string[] {
  if ("folder" in chart) return [chart.folder];
  if ("oci" in chart) return [chart.oci, "--version", chart.version];
  return [chart.name, "--repo", chart.repository, "--version", chart.version];
}

/** Kubernetes validates the manifest when it is deployed; to do so here takes its whole OpenAPI document. */
const SHARED = ["--values", "-", "--disable-openapi-validation"];

const located = (options: RenderOptions) =>
  options.package === undefined ? chartArgs(options.chart) : [options.package];

const upgradeArgs = (options: RenderOptions) => [
  ...["upgrade", options.release, ...located(options), "--install", "--dry-run=server", "--output", "json"],
  ...["--namespace", options.namespace, ...SHARED],
];

const templateArgs = (options: RenderOptions, side: "client" | "server") => [
  ...["template", options.release, ...located(options), "--is-upgrade", `--dry-run=${side}`],
  ...["--namespace", options.namespace, ...SHARED],
];

/** The release as both versions of Helm print it, as far as it is read here. */
const releaseSchema = z.object({
  manifest: z.string().default(""),
  hooks: z.array(z.object({ manifest: z.string().default("") })).nullish(),
  chart: z.object({ metadata: z.object({ appVersion: z.string().optional() }).optional() }).optional(),
});

function ofUpgrade(outcome: HelmOutcome, options: RenderOptions): RenderedRelease {
  const output = outputOf(outcome, options);
  const { manifest, hooks, chart } = readRelease(output, options);
  const appVersion = chart?.metadata?.appVersion;
  return {
    objects: manifestsIn(manifest),
    hooks: (hooks ?? []).flatMap((hook) => manifestsIn(hook.manifest)),
    ...(appVersion === undefined ? {} : { appVersion }),
  };
}

function readRelease(output: string, options: RenderOptions) {
  try {
    // Helm 3 prints a line about a chart of a registry before the release.
    return releaseSchema.parse(JSON.parse(output.slice(Math.max(output.indexOf("\n{"), -1) + 1)));
  } catch {
    throw failure({ ended: "failed", said: "it did not print a release; Helm 3.13 or later does" }, options);
  }
}

function ofTemplate(outcome: HelmOutcome, options: RenderOptions): RenderedRelease {
  return withHooksApart(manifestsIn(outputOf(outcome, options)));
}

/** What a chart renders, with its hooks apart from the objects that stay. */
export const withHooksApart = (manifests: readonly Manifest[]): Rendered => ({
  objects: manifests.filter((manifest) => !isHook(manifest)),
  hooks: manifests.filter(isHook),
});

function isHook({ metadata: { annotations } }: Manifest): boolean {
  return isObject(annotations) && annotations["helm.sh/hook"] !== undefined;
}

function outputOf(outcome: HelmOutcome, options: RenderOptions): string {
  if (outcome.ended !== "ok") throw failure(outcome, options);
  return outcome.output;
}

const failure = (outcome: Exclude<HelmOutcome, { ended: "ok" }>, { chart, secrets = [] }: RenderOptions) =>
  new LecternError(helmProblem(outcome, chartName(chart), secrets));
