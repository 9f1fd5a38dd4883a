import { withImages } from "./images.ts";
import { divided, merged } from "./outputs.ts";
import {
  type BothStates,
  type ExportedState,
  identityOf,
  nameOf,
  ROOT,
  referenceTo,
  resourcesOf,
  rootOf,
  rootOutputs,
  withOutputs,
  withoutResources,
  withResources,
} from "./state.ts";

/** The kinds of resources that belong to clusters. */
const OF_CLUSTERS = /^(lectern:(cluster|hub|image|support):|kubernetes:|pulumi-nodejs:dynamic\/lectern:)/;
const PROVIDER = "pulumi:providers:";

/**
 * The top resources of a cluster: with them, their children move. What a stack registers for a cluster has the
 * cluster's name, or begins with it; of two clusters that fit, the longer name counts.
 */
export function topResourcesOf(cluster: string, clusters: readonly string[], state: ExportedState): string[] {
  const all = resourcesOf(state);
  const roots = new Set(all.filter(({ type }) => type === ROOT).map(({ urn }) => urn));
  return all
    .filter(({ type, parent }) => OF_CLUSTERS.test(type) && (parent === undefined || roots.has(parent)))
    .filter(({ urn }) => clusterOf(nameOf(urn), clusters) === cluster)
    .map(({ urn }) => urn);
}

function clusterOf(name: string, clusters: readonly string[]): string | undefined {
  const fitting = clusters.filter((cluster) => name === cluster || name.startsWith(`${cluster}-`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

/**
 * A state whose providers are children of the stack itself, whatever their URNs say. `pulumi state move` copies a
 * provider before everything else and leaves the original: where its parent moves, neither state would be valid. The
 * next deployment restores the parent.
 */
export function withProvidersAtRoot(state: ExportedState): ExportedState {
  const root = rootOf(state)?.urn;
  if (root === undefined) return state;
  const resources = resourcesOf(state).map((one) =>
    one.type.startsWith(PROVIDER) && one.parent !== undefined ? { ...one, parent: root } : one,
  );
  return withResources(state, resources);
}

/** What an interrupted move left in both stacks: URNs of the source. */
export function inBoth(source: ExportedState, target: ExportedState): string[] {
  const there = new Set(resourcesOf(target).map(({ urn }) => identityOf(urn)));
  return resourcesOf(source)
    .filter(({ type, urn }) => OF_CLUSTERS.test(type) && there.has(identityOf(urn)))
    .map(({ urn }) => urn);
}

/**
 * Both states once a cluster's resources have moved: its outputs move too, as a stack keeps what its own outputs say
 * that it has deployed, so do its images, and the source loses the provider that nothing uses any more.
 */
export function withoutTraces(cluster: string, source: ExportedState, target: ExportedState): BothStates {
  const [moved, kept] = divided(rootOutputs(source), cluster);
  const used = new Set(resourcesOf(source).map(({ provider = "" }) => provider));
  const idle = resourcesOf(source)
    .filter((one) => one.type.startsWith(PROVIDER) && nameOf(one.urn) === cluster)
    .filter((one) => !used.has(referenceTo(one)))
    .map(({ urn }) => urn);
  return withImages(cluster, {
    source: withOutputs(withoutResources(source, idle), kept),
    target: withOutputs(target, merged(rootOutputs(target), moved)),
  });
}
