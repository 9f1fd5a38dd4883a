import { isObject } from "../../../components/json.ts";
import { opened } from "./outputs.ts";
import {
  type BothStates,
  type ExportedState,
  identityOf,
  nameOf,
  referenceTo,
  resourcesOf,
  rootOf,
  rootOutputs,
  type Stored,
  withOutputs,
  withoutResources,
  withResources,
} from "./state.ts";

const IMAGE = "docker:index/image:Image";
const OUTPUT = "hubImages";
/** What of a hub's parts are images. */
const PART = "images/";

/**
 * Both states with the images that the hubs of a cluster name in its own stack: what is known of each, and its build,
 * which would be done again otherwise. The source keeps those that other clusters name, too.
 * @param states after the cluster's other outputs have moved
 */
export function withImages(cluster: string, { source, target }: BothStates): BothStates {
  const own = imagesNamed(target, (id) => id.startsWith(`${cluster}/`));
  const others = imagesNamed(source, () => true);
  const leaving = own.difference(others);
  const builds = resourcesOf(source).filter(({ type, urn }) => type === IMAGE && own.has(builtBy(urn)));
  const gone = builds.filter(({ urn }) => leaving.has(builtBy(urn))).map(({ urn }) => urn);
  const entries = Object.entries(entriesOf(source));
  const kept = Object.fromEntries(entries.filter(([name]) => !leaving.has(name)));
  const moved = Object.fromEntries(entries.filter(([name]) => own.has(name)));
  return {
    source: withKnown(withoutResources(source, gone), kept),
    target: withKnown(withCopies(target, source, builds), { ...entriesOf(target), ...moved }),
  };
}

/** The image that a resource builds: see stacks/hubs/images/built-image.ts. */
const builtBy = (urn: string) => nameOf(urn).replace(/^hub-image-/, "");

/** The images that deployed hubs name, as the outputs say. */
function imagesNamed(state: ExportedState, isWanted: (id: string) => boolean): ReadonlySet<string> {
  const hubs = Object.entries(opened(rootOutputs(state)["hubs"]).entries ?? {});
  const parts = hubs.flatMap(([id, hub]) =>
    isWanted(id) && isObject(hub) && isObject(hub["parts"]) ? Object.keys(hub["parts"]) : [],
  );
  return new Set(parts.filter((part) => part.startsWith(PART)).map((part) => part.slice(PART.length)));
}

const entriesOf = (state: ExportedState) => opened(rootOutputs(state)[OUTPUT]).entries ?? {};

function withKnown(state: ExportedState, entries: Readonly<Record<string, unknown>>): ExportedState {
  const { [OUTPUT]: before, ...outputs } = rootOutputs(state);
  if (before === undefined && Object.keys(entries).length === 0) return state;
  return withOutputs(state, { ...outputs, [OUTPUT]: opened(before).wrap(entries) });
}

/** A state with copies of another one's resources and their providers, where it lacks them. */
function withCopies(
  target: ExportedState,
  source: ExportedState,
  resources: readonly Stored[],
): ExportedState {
  const [from, to] = [rootOf(source)?.urn, rootOf(target)?.urn];
  if (from === undefined || to === undefined) return target;
  const used = new Set(resources.map(({ provider }) => provider));
  const providers = resourcesOf(source).filter((one) => used.has(referenceTo(one)));
  const there = new Set(resourcesOf(target).map(({ urn }) => identityOf(urn)));
  const copies = [...providers, ...resources]
    .filter(({ urn }) => !there.has(identityOf(urn)))
    .map((resource) => copied(resource, from, to));
  return withResources(target, [...resourcesOf(target), ...copies]);
}

/** A resource as another stack has it. @param from the root of its own @param to the other's */
function copied(resource: Stored, from: string, to: string): Stored {
  const stackOf = (root: string) => root.split("::").slice(0, 2).join("::");
  const text = JSON.stringify(resource).replaceAll(from, to);
  return JSON.parse(text.replaceAll(`${stackOf(from)}::`, `${stackOf(to)}::`));
}
