import { isAbsolute } from "node:path";
import { Release, type ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ReleaseDeclaration } from "../../cluster/declaration/cluster-declaration.ts";
import type { ChartReference } from "../chart/chart-reference.ts";
import type { Edit } from "../drift/comparison/edits.ts";
import { ReleaseDrift } from "../drift/release-drift-resource.ts";
import { ReleaseLease } from "./release-lease-resource.ts";

/** A Helm release on a cluster. */
export interface ChartReleaseArgs {
  readonly cluster: Cluster;
  readonly declaration: Pick<
    ReleaseDeclaration,
    "namespace" | "release" | "accept" | "timeout" | "maxHistory"
  >;
  readonly chart: ChartReference;
  /** What is set over the chart's defaults; null deletes one. */
  readonly values: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** The digest of chart and values: while it is the same, nothing is deployed. */
  readonly change: pulumi.Input<string>;
  /** Whether the cluster is asked anything: where not, nothing is healed and no drift is found. */
  readonly contact: boolean;
  /** Whether what it runs is stopped: that is no drift then. @default false */
  readonly retired?: boolean;
  /** Whether it is held: what was edited is named then, and not put back. @default false */
  readonly held?: boolean;
}

/** A release that is registered. */
interface RegisteredRelease {
  /** What is done once the release is as it is wanted. */
  readonly done: readonly pulumi.Resource[];
  /** What is edited of its objects and stays; undefined where nothing is looked for. */
  readonly edits: pulumi.Output<readonly Edit[] | undefined>;
}

/** How a release is registered: what it waits for is a list of resources. */
export interface ReleaseOptions extends Omit<pulumi.CustomResourceOptions, "dependsOn"> {
  readonly dependsOn?: readonly pulumi.Resource[];
}

/**
 * Registers a release: its lease, which heals what a killed run left, then the release itself, then the
 * resource that finds what was edited in the cluster and puts it back.
 */
export function chartRelease(
  name: string,
  { cluster, declaration, chart, values, change, contact, retired = false, held = false }: ChartReleaseArgs,
  { dependsOn = [], ...options }: ReleaseOptions,
): RegisteredRelease {
  const { namespace, release: releaseName, accept, timeout, maxHistory } = declaration;
  const place = { ...cluster.access, namespace, release: releaseName, change, timeout, maxHistory };
  const common = { ...options, provider: cluster.provider };
  const before = [cluster.namespace(namespace, options.protect), ...dependsOn];
  // Only the release itself is protected: what is about it goes when it is retired.
  const about = { ...options, protect: false };
  const leases = contact ? [new ReleaseLease(name, place, { ...about, dependsOn: before })] : [];
  const release = new Release(name, releaseArgs(declaration, chart, values, change), {
    ...common,
    dependsOn: [...before, ...leases],
    // One that was imported is a child of the stack until then.
    aliases: [{ parent: pulumi.rootStackResource }],
  });
  if (!contact || retired) return { done: [release], edits: pulumi.output(undefined) };
  const inputs = { ...place, accept: [...accept] };
  const drift = new ReleaseDrift(name, held ? { ...inputs, held } : inputs, {
    ...about,
    // All but that it is held.
    ...(held ? { ignoreChanges: Object.keys(inputs) } : {}),
    dependsOn: [release],
  });
  return { done: [release, drift], edits: drift.edits };
}

function releaseArgs(
  { namespace, release, timeout, maxHistory }: ChartReleaseArgs["declaration"],
  chart: ChartReference,
  values: ChartReleaseArgs["values"],
  change: pulumi.Input<string>,
): ReleaseArgs {
  return {
    name: release,
    namespace,
    ...chartArgs(chart),
    values,
    allowNullValues: true,
    atomic: true,
    timeout,
    maxHistory,
    // A first installation that failed or was interrupted keeps its record, and its name is free again.
    replace: true,
    // The engine compares inputs: a chart of the catalog that changed under the same version shows here.
    description: pulumi.output(change).apply(descriptionOf),
  };
}

/** What Helm records of a revision: the digest of chart and values. */
export const descriptionOf = (change: string) => `Lectern ${change}`;

function chartArgs(chart: ChartReference): Pick<ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
  // Without a leading dot it would be the name of a repository's chart.
  if ("folder" in chart) return { chart: isAbsolute(chart.folder) ? chart.folder : `./${chart.folder}` };
  if ("oci" in chart) return { chart: chart.oci, version: chart.version };
  return { chart: chart.name, version: chart.version, repositoryOpts: { repo: chart.repository } };
}
