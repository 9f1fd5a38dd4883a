import { isObject, type JsonObject } from "../../../json.ts";
import type { FieldChange, ObjectChange } from "../hub-changes.ts";
import type { Manifest } from "../manifests.ts";
import { type Difference, differences } from "./differences.ts";
import { type FieldPath, fieldPath, lastOf } from "./field-path.ts";
import { MASK, type Masking, masking } from "./masking.ts";
import { normalised, podTemplateOf } from "./normalise.ts";
import { type PhraseContext, phraseOf } from "./phrases.ts";
import { shown } from "./shown.ts";

/** What Helm keeps of a release, or what a chart renders: objects, and the hooks that are run beside them. */
export interface Rendered {
  readonly objects: readonly Manifest[];
  readonly hooks: readonly Manifest[];
}

export interface CompareOptions {
  /** The release's namespace, which an object has that names none. */
  readonly namespace: string;
  /** Values that are known to be secret: they are masked wherever they occur. */
  readonly secrets?: Iterable<string>;
  /**
   * The chart rendered a second time from the same values: a field that differs between the two renderings
   * is generated at each of them, and its value is not known before the deployment.
   */
  readonly again?: Rendered;
}

export interface ObjectChanges {
  readonly objects: readonly ObjectChange[];
  /** How many more objects differ in nothing but the labels that name the chart and its version. */
  readonly relabelled: number;
}

/**
 * Compares what is deployed with what would be, object by object. The order of documents, of keys and of
 * what Kubernetes merges by name does not count, nor does how the YAML is written; no secret is in the result.
 *
 * Hooks are compared apart: one that is no longer rendered changes nothing, as it only exists while it runs.
 */
export function compareObjects(
  deployed: Rendered,
  rendered: Rendered,
  options: CompareOptions,
): ObjectChanges {
  const masks = masking(options.secrets ?? []);
  const again = options.again;
  const compare = (part: keyof Rendered) =>
    pairs(deployed[part], rendered[part], again?.[part], options.namespace).map((pair) =>
      changeOf(pair, masks),
    );
  const objects = compare("objects");
  const hooks = compare("hooks")
    .filter((change): change is ObjectChange => isObject(change) && change.change !== "removed")
    .map((change): ObjectChange => ({ ...change, hook: true }));
  return {
    objects: [...objects.filter((change) => isObject(change)), ...hooks],
    relabelled: objects.filter((change) => change === "relabelled").length,
  };
}

interface Pair {
  readonly before?: Manifest | undefined;
  readonly after?: Manifest | undefined;
  readonly again?: Manifest | undefined;
}

function pairs(
  before: readonly Manifest[],
  after: readonly Manifest[],
  again: readonly Manifest[] | undefined,
  namespace: string,
): Pair[] {
  const byIdentity = (manifests: readonly Manifest[]) =>
    new Map(manifests.map((manifest) => [identityOf(manifest, namespace), manifest]));
  const [old, now, second] = [byIdentity(before), byIdentity(after), byIdentity(again ?? [])];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((id) => ({ before: old.get(id), after: now.get(id), again: second.get(id) }));
}

/** An object is the same one in another version of its API's group. */
function identityOf({ apiVersion, kind, metadata }: Manifest, namespace: string): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return JSON.stringify([kind, metadata.name, metadata.namespace ?? namespace, group]);
}

function changeOf({ before, after, again }: Pair, masks: Masking): ObjectChange | "relabelled" | undefined {
  if (!before || !after) {
    const only = before ?? after;
    return only && { ...named(only), change: before ? "removed" : "added", fields: [] };
  }
  const found = fieldsOf(before, after);
  if (found.length === 0) return undefined;
  const counted = found.filter((difference) => !isChartLabel(difference));
  if (counted.length === 0) return "relabelled";
  const generated = new Set(again ? fieldsOf(after, again).map(({ path }) => fieldPath(path)) : []);
  const context = { kind: after.kind, manyContainers: [before, after].some(hasManyContainers) };
  const fromSecrets = counted
    .filter(({ path }) => path.includes("secretKeyRef"))
    .map(({ path }) => variableOf(path));
  const fields = counted.map((difference) => {
    const isFromSecret =
      lastOf(difference.path) === "value" && fromSecrets.includes(variableOf(difference.path));
    return fieldChange(difference, context, isFromSecret ? ALL_MASKED : masks, generated);
  });
  return { ...named(after), change: "changed", fields };
}

/** A variable that comes from a Secret now, or came from one, may have had the secret itself as its value. */
const ALL_MASKED: Masking = { hides: () => true };

const variableOf = (path: FieldPath) => fieldPath(path.slice(0, path.indexOf("env") + 2));

/** The namespace is the release's unless the manifest has another. */
const fieldsOf = (before: Manifest, after: Manifest) =>
  differences(normalised(before), normalised(after))
    .filter(({ path }) => !(path[0] === "metadata" && path[1] === "namespace"))
    .map(withValue);

/** A whole variable that comes or goes is that of its value, so that its line shows the value. */
function withValue(difference: Difference): Difference {
  const { path, before, after } = difference;
  const item = before ?? after;
  if (path.at(-2) !== "env" || !isObject(item) || typeof item["value"] !== "string") return difference;
  const side = before === undefined ? { after: item["value"] } : { before: item["value"] };
  return { path: [...path, "value"], change: difference.change, ...side };
}

const named = ({ apiVersion, kind, metadata: { name, namespace } }: Manifest) => ({
  apiVersion,
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
});

/** Labels that name the chart, its version or Helm. On a pod template they restart pods, so there they count. */
const CHART_LABELS = new Set([
  "helm.sh/chart",
  "chart",
  "heritage",
  "app.kubernetes.io/version",
  "app.kubernetes.io/managed-by",
]);

const isChartLabel = ({ path }: Difference) =>
  path.length === 3 && path[0] === "metadata" && path[1] === "labels" && CHART_LABELS.has(lastOf(path));

function hasManyContainers(manifest: Manifest): boolean {
  const spec = podSpecOf(manifest);
  const count = (list: unknown) => (Array.isArray(list) ? list.length : 0);
  return count(spec?.["containers"]) + count(spec?.["initContainers"]) > 1;
}

function podSpecOf(manifest: Manifest): JsonObject | undefined {
  const path = podTemplateOf(manifest.kind);
  if (path === undefined) return undefined;
  const spec = [...path, "spec"].reduce<unknown>(
    (value, key) => (isObject(value) ? value[key] : undefined),
    manifest,
  );
  return isObject(spec) ? spec : undefined;
}

function fieldChange(
  difference: Difference,
  context: Omit<PhraseContext, "isMasked">,
  masks: Masking,
  generated: ReadonlySet<string>,
): FieldChange {
  const { path, change } = difference;
  const isGenerated = generated.has(fieldPath(path));
  const isMasked = isSecret(difference, context.kind, masks);
  const sides = sidesOf(difference, isMasked);
  return {
    path: fieldPath(path),
    change,
    ...sides,
    ...(isGenerated ? { generated: true } : {}),
    text: `${phraseOf(difference, sides, { ...context, isMasked })}${isGenerated && change === "changed" ? " (generated at every rendering)" : ""}`,
  };
}

/** A change from or to a secret shows neither side. */
function isSecret({ path, before, after }: Difference, kind: string, masks: Masking): boolean {
  if (kind === "Secret" && (path[0] === "data" || path[0] === "stringData")) return true;
  return [before, after].some((value) => value !== undefined && masks.hides(path, value));
}

function sidesOf({ before, after }: Difference, isMasked: boolean): Pick<FieldChange, "before" | "after"> {
  const side = (value: unknown) => (value === undefined ? undefined : isMasked ? MASK : shown(value));
  const [old, now] = [side(before), side(after)];
  return { ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
}
