import { isObject, type JsonObject } from "../../json.ts";
import type { KubernetesApi } from "../release/api/kubernetes-api.ts";
import type { KubernetesObject } from "../release/api/kubernetes-object.ts";
import type { ReleaseName } from "../release/record/release-history.ts";
import { comparable } from "./comparison/expected.ts";
import { type FieldPath, pointerTo } from "./comparison/field-path.ts";
import { helmsOf, ownersOf } from "./comparison/ownership.ts";

/** How an object is put back. */
export interface Restoration {
  readonly manifest: KubernetesObject;
  /** Fields of the manifest that stay as they are. */
  readonly left: readonly FieldPath[];
  /** Fields that the manifest has not, to be removed. */
  readonly removed: readonly FieldPath[];
}

/** How often a removal starts over because the object was written meanwhile. */
const TRIES = 5;

/**
 * Puts an object back as a release has it: what was added goes, and the manifest is applied on the server's
 * side, forced, in the name of whoever deployed it, so that Helm goes on owning it.
 * @param manager who that is where the object can't say, as it is gone
 */
export async function restore(
  api: KubernetesApi,
  { manifest, left, removed }: Restoration,
  release: ReleaseName,
  manager: string,
): Promise<void> {
  const actual = await api.get(manifest);
  const name = (actual && managerOf(actual)) ?? manager;
  const body = withoutPaths(deployed(manifest, release), left);
  // What was added can be in the way of what was there, and the other way round.
  const wasRemoved = await remove(api, manifest, removed, name);
  await api.apply(body, name);
  if (!wasRemoved) await remove(api, manifest, removed, name);
}

/** The name under which Helm owns an object; where there are two, the one of a server-side apply. */
export function managerOf(object: KubernetesObject): string | undefined {
  const owners = ownersOf(object);
  const helms = helmsOf(owners);
  const named = owners.filter(({ manager }) => helms.has(manager));
  return (named.find(({ operation }) => operation === "Apply") ?? named[0])?.manager;
}

/** @returns whether nothing is left to be removed */
async function remove(
  api: KubernetesApi,
  object: KubernetesObject,
  paths: readonly FieldPath[],
  manager: string,
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const actual = await api.get(object);
    const pointers = paths.flatMap((path) => pointerTo(actual, path) ?? []).sort(lastFirst);
    if (actual === undefined || pointers.length === 0) return true;
    // A write of somebody else's could have moved what the pointers mean.
    const version = { op: "test", path: "/metadata/resourceVersion", value: actual.metadata.resourceVersion };
    const removals = pointers.map((path) => ({ op: "remove", path }));
    if ((await api.patch(object, [version, ...removals], manager)) !== undefined) return true;
  }
  return false;
}

/** The items of a list from its end on, so that the places of the others stay. */
function lastFirst(one: string, other: string): number {
  return other.localeCompare(one, "en", { numeric: true });
}

/** An object of a manifest as Helm applies it. */
function deployed(manifest: KubernetesObject, { namespace, release }: ReleaseName): KubernetesObject {
  const { apiVersion, kind, metadata } = manifest;
  const { metadata: _compared, ...body } = comparable(manifest);
  return withoutNulls({
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, "app.kubernetes.io/managed-by": "Helm" },
      annotations: {
        ...metadata.annotations,
        "meta.helm.sh/release-name": release,
        "meta.helm.sh/release-namespace": namespace,
      },
    },
    ...body,
  });
}

function withoutNulls<T>(value: T): T {
  // Every part keeps its type, but for fields that are null, which stand for nothing.
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutNulls(one)])) as T;
}

function withoutPaths(object: KubernetesObject, paths: readonly FieldPath[]): KubernetesObject {
  return paths.reduce<KubernetesObject>(
    // A path never leads to what names the object.
    (rest, path) => withoutPath(rest, pointerTo(rest, path)?.split("/").slice(1) ?? []) as KubernetesObject,
    object,
  );
}

function withoutPath(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_item, index) => String(index) !== name);
    return value.map((item, index) => (String(index) === name ? withoutPath(item, rest) : item));
  }
  if (!isObject(value)) return value;
  const { [name]: inner, ...others }: JsonObject = value;
  return rest.length === 0 ? others : { ...others, [name]: withoutPath(inner, rest) };
}
