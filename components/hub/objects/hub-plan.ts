import type { JsonObject } from "../../json.ts";
import { formatProblem, LecternError } from "../../problem/problem.ts";
import type { ChartReference } from "../chart/chart-reference.ts";
import type { ReleaseRecord } from "../release/record/release-record.ts";
import { compareObjects, type ObjectChanges, type Rendered } from "./compare/compare-objects.ts";
import { comparePaths } from "./compare/compare-paths.ts";
import { effects } from "./effects/effects.ts";
import { type HubApi, runningServers } from "./effects/running-servers.ts";
import type { FieldChange, HubChanges } from "./hub-changes.ts";
import type { ChartPackages } from "./render/chart-packages.ts";
import { type RenderedRelease, type RenderOptions, renderRelease } from "./render/render-release.ts";

/** A hub as it would be deployed. */
export interface PlannedHub {
  /** Its ID: campus/staging. */
  readonly hub: string;
  readonly chart: ChartReference;
  readonly release: string;
  readonly namespace: string;
  /** All values that the release is given, secret ones included. */
  readonly values: JsonObject;
  /** The values among them that nothing may show; those of an earlier deployment, too. */
  readonly secrets: readonly string[];
}

/** Helm's newest deployed record of it, decoded. */
export interface DeployedHub extends Rendered {
  /** The values that the release was given. */
  readonly values: JsonObject;
  readonly appVersion?: string | undefined;
}

/** Helm's newest deployed record as the plan compares with it. */
export const deployedHub = ({ manifest, hooks, config, chart }: ReleaseRecord): DeployedHub => ({
  objects: manifest,
  hooks: hooks.flatMap(({ objects }) => objects),
  values: config,
  appVersion: chart.appVersion,
});

export interface HubPlanOptions {
  /** Undefined where nothing is deployed yet. */
  readonly deployed: DeployedHub | undefined;
  /**
   * The text of the cluster's kubeconfig, or why the cluster can't be asked; `none` renders without one, as the
   * sandbox does, where `lookup` finds nothing.
   */
  readonly cluster: { readonly kubeconfig: string } | { readonly unreachable: string } | "none";
  readonly charts: ChartPackages;
  /** Where the hub's servers are counted. */
  readonly api?: HubApi | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** The program. @default helm, from PATH */
  readonly helm?: string | undefined;
  /** Renders the release. @default with helm; the sandbox leaves secrets out */
  readonly render?: ((options: RenderOptions) => Promise<RenderedRelease>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a deployment would change in a hub's cluster and for its users; undefined where nothing changes. It is for
 * previews, of a hub whose chart or values are not those that are deployed (another one is not upgraded): it changes nothing, and where objects can't be compared it says why and lists the values that change.
 * @throws only where the signal is aborted
 */
export async function hubPlan(planned: PlannedHub, options: HubPlanOptions): Promise<HubChanges | undefined> {
  const { deployed } = options;
  const values = comparePaths(deployed?.values ?? {}, planned.values, planned.secrets);
  const result = await renderedChanges(planned, options);
  if ("notCompared" in result) {
    const isUnchanged = values.length === 0 && deployed !== undefined;
    return isUnchanged ? undefined : { hub: planned.hub, ...result, objects: [], values, effects: [] };
  }
  const { changes } = result;
  if (!isChanged(changes)) return undefined;
  return {
    hub: planned.hub,
    objects: changes.objects,
    ...(changes.relabelled === 0 ? {} : { relabelled: changes.relabelled }),
    // All of a first installation's values are new, as all of its objects are.
    values: deployed === undefined ? [] : values,
    effects: await noticed(result, options),
  };
}

interface Result {
  readonly changes: ObjectChanges;
  readonly rendered: RenderedRelease;
}

async function renderedChanges(
  planned: PlannedHub,
  { deployed, cluster, charts, helm, signal, render: renderWith = renderRelease }: HubPlanOptions,
): Promise<Result | { readonly notCompared: string }> {
  if (cluster !== "none" && "unreachable" in cluster) return { notCompared: cluster.unreachable };
  try {
    // A hub's declaration has a `timeout` of its own, in seconds, which is not the rendering's.
    const { chart, release, namespace, values, secrets } = planned;
    const kubeconfig = cluster === "none" ? undefined : cluster.kubeconfig;
    const wanted = { chart, release, namespace, values, secrets, kubeconfig, helm, signal };
    const render = async () => renderWith({ ...wanted, package: await charts.path(chart) });
    const rendered = await render();
    const changes = compareObjects(deployed ?? NOTHING, rendered, { namespace, secrets });
    if (!isChanged(changes) || deployed === undefined) return { changes, rendered };
    const compared = compareObjects(deployed, rendered, { namespace, secrets, again: await render() });
    return { changes: cluster === "none" ? withoutGenerated(compared) : compared, rendered };
  } catch (error) {
    signal?.throwIfAborted();
    return { notCompared: reasonOf(error) };
  }
}

/** Without a cluster, what a chart would look up is generated at each rendering: it says nothing of a deployment. */
function withoutGenerated({ objects, relabelled }: ObjectChanges): ObjectChanges {
  const kept = objects.map((object) => ({
    ...object,
    fields: object.fields.filter((field) => !isNoise(field)),
  }));
  return {
    objects: kept.filter(({ change, fields }) => change !== "changed" || fields.length > 0),
    relabelled,
  };
}

const NOTHING: Rendered = { objects: [], hooks: [] };

function reasonOf(error: unknown): string {
  if (!(error instanceof LecternError)) return error instanceof Error ? error.message : String(error);
  return error.problems.map((problem) => formatProblem(problem).replace(/\.$/, "")).join("; ");
}

/** Servers are only counted where a change has to do with them. */
async function noticed(
  { changes, rendered }: Result,
  { deployed, api, fetch }: HubPlanOptions,
): Promise<HubChanges["effects"]> {
  const versions = { before: deployed?.appVersion, after: rendered.appVersion };
  const withServers = (servers: number | undefined) =>
    effects(changes, { deployed: deployed ?? NOTHING, rendered, servers, versions });
  const uncounted = withServers(undefined);
  if (api === undefined || !uncounted.some(({ kind }) => kind === "servers")) return uncounted;
  return withServers(await runningServers(api, fetch));
}

/** What differs at every rendering only counts beside a change that somebody made. */
const isChanged = ({ objects, relabelled }: ObjectChanges) =>
  relabelled > 0 ||
  objects.some(({ change, fields }) => change !== "changed" || fields.some((field) => !isNoise(field)));

const isNoise = ({ change, generated }: FieldChange) => generated === true && change === "changed";
