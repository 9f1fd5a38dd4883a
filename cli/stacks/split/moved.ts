import { z } from "zod";
import { isObject, type JsonObject } from "../../../components/json.ts";

const stored = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

/** What `pulumi stack export` prints, as far as it is looked at; the rest stays as it is. */
export const exportedState = z.looseObject({
  deployment: z.looseObject({ resources: z.array(stored).optional() }),
});
export type ExportedState = z.output<typeof exportedState>;
type Stored = z.output<typeof stored>;

/** The kinds of resources that belong to clusters. */
const OF_CLUSTERS = /^(lectern:(cluster|hub|image|support):|kubernetes:|pulumi-nodejs:dynamic\/lectern:)/;
const ROOT = "pulumi:pulumi:Stack";
const PROVIDER = "pulumi:providers:";

const resourcesOf = ({ deployment }: ExportedState): readonly Stored[] => deployment.resources ?? [];
const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** The same resource in any stack: its type and name. */
const identityOf = (urn: string) => urn.split("::").slice(2).join("::");

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

/** What an interrupted move left in both stacks: URNs of the source. */
export function inBoth(source: ExportedState, target: ExportedState): string[] {
  const there = new Set(resourcesOf(target).map(({ urn }) => identityOf(urn)));
  return resourcesOf(source)
    .filter(({ type, urn }) => OF_CLUSTERS.test(type) && there.has(identityOf(urn)))
    .map(({ urn }) => urn);
}

/** A state without some of its resources. */
export function withoutResources(state: ExportedState, urns: readonly string[]): ExportedState {
  const gone = new Set(urns);
  const resources = resourcesOf(state).filter(({ urn }) => !gone.has(urn));
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** The marker of a secret in a state. */
const SECRET = "4dabf18193072939515e22adb298388d";

/**
 * Both states once a cluster's resources have moved: its outputs move too, as a stack keeps what its own outputs say
 * that it has deployed, and the source loses the provider that nothing uses any more.
 */
export function withoutTraces(
  cluster: string,
  source: ExportedState,
  target: ExportedState,
): { readonly source: ExportedState; readonly target: ExportedState } {
  const outputs = rootOutputs(source);
  const [moved, kept] = divided(outputs, cluster);
  const used = new Set(resourcesOf(source).map(({ provider = "" }) => provider));
  const idle = resourcesOf(source).filter(
    ({ type, urn, id = "" }) =>
      type.startsWith(PROVIDER) && nameOf(urn) === cluster && !used.has(`${urn}::${id}`),
  );
  return {
    source: withRoot(
      withoutResources(
        source,
        idle.map(({ urn }) => urn),
      ),
      kept,
    ),
    target: withRoot(target, merged(rootOutputs(target), moved)),
  };
}

const rootOutputs = (state: ExportedState): JsonObject =>
  resourcesOf(state).find(({ type }) => type === ROOT)?.outputs ?? {};

function withRoot(state: ExportedState, outputs: JsonObject): ExportedState {
  const resources = resourcesOf(state).map((one) => (one.type === ROOT ? { ...one, outputs } : one));
  return { ...state, deployment: { ...state.deployment, resources } };
}

/** Outputs that are no cluster's, whatever their entries are called. */
const NO_CLUSTERS: ReadonlySet<string> = new Set(["articles", "forgotten", "kernels", "hubImages"]);
/** Outputs by the ID of a hold, such as `images/campus/lab`. */
const BY_HOLD: ReadonlySet<string> = new Set(["holds", "overrides"]);

function isOf(cluster: string, name: string, id: string): boolean {
  const [first, second] = id.split("/");
  if (!BY_HOLD.has(name)) return first === cluster;
  return second === cluster && (first === "images" || first === "hub");
}

/** The entries of each output that are about a cluster, and the others. */
function divided(outputs: JsonObject, cluster: string): [JsonObject, JsonObject] {
  const [moved, kept]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [name, value] of Object.entries(outputs)) {
    const { entries, wrap } = opened(value);
    if (entries === undefined || NO_CLUSTERS.has(name)) {
      kept[name] = value;
      continue;
    }
    const own = Object.entries(entries).filter(([id]) => isOf(cluster, name, id));
    const others = Object.entries(entries).filter(([id]) => !isOf(cluster, name, id));
    if (own.length > 0) moved[name] = wrap(Object.fromEntries(own));
    kept[name] = wrap(Object.fromEntries(others));
  }
  return [moved, kept];
}

interface Opened {
  readonly entries: JsonObject | undefined;
  readonly wrap: (entries: JsonObject) => unknown;
}

/** The entries of an output, where it is secret as a whole, too: an export shows it as JSON text. */
function opened(value: unknown): Opened {
  const asIs = (entries: JsonObject) => entries;
  if (!isObject(value)) return { entries: undefined, wrap: asIs };
  if (!(SECRET in value)) return { entries: value, wrap: asIs };
  const { plaintext } = value;
  const inside: unknown = typeof plaintext === "string" ? JSON.parse(plaintext) : undefined;
  return {
    entries: isObject(inside) ? inside : undefined,
    wrap: (entries) => ({ ...value, plaintext: JSON.stringify(entries) }),
  };
}

function merged(before: JsonObject, moved: JsonObject): JsonObject {
  const names = new Set([...Object.keys(before), ...Object.keys(moved)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const [one, other] = [opened(before[name]), opened(moved[name])];
      if (!one.entries || !other.entries) return [name, moved[name] ?? before[name]];
      return [name, other.wrap({ ...one.entries, ...other.entries })];
    }),
  );
}
