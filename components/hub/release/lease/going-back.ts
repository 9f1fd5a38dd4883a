import { isObject } from "../../../json.ts";
import { fieldsBeyond } from "../../drift/comparison/additions.ts";
import { differences } from "../../drift/comparison/differences.ts";
import { comparable } from "../../drift/comparison/expected.ts";
import { valueAt } from "../../drift/comparison/field-path.ts";
import { helmsOf, isEditor, mergeKeysAt, ownersOf, owns } from "../../drift/comparison/ownership.ts";
import { type Restoration, restore } from "../../drift/restore.ts";
import { survey } from "../../drift/survey.ts";
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import { type KubernetesObject, objectName } from "../api/kubernetes-object.ts";
import type { ReleaseName } from "../record/release-history.ts";
import type { ReleaseRecord } from "../record/release-record.ts";

/** What going back to a revision did. */
export interface WentBack {
  readonly restored: readonly string[];
  readonly deleted: readonly string[];
}

/** What holds data of users: it stays, whatever is deployed. */
const KEPT_KINDS = new Set([
  "PersistentVolumeClaim",
  "PersistentVolume",
  "Namespace",
  "CustomResourceDefinition",
]);

/**
 * Puts a release's objects back as a revision has them, of which later ones that never completed changed some:
 * objects of the revision are applied where they differ, what the later ones added to them goes, and so do objects
 * that only those have, volumes aside.
 */
export async function goBack(
  api: KubernetesApi,
  name: ReleaseName,
  to: ReleaseRecord,
  later: readonly ReleaseRecord[],
): Promise<WentBack> {
  const { objects, manager } = await survey(api, to, name.namespace);
  const restored: string[] = [];
  for (const { name: object, manifest, actual } of objects) {
    const restoration = restorationOf(
      manifest,
      actual,
      later.flatMap((record) => sameIn(record, manifest, name)),
    );
    if (restoration === undefined) continue;
    await restore(api, restoration, name, manager);
    restored.push(object);
  }
  const deleted: string[] = [];
  for (const object of newObjects(to, later, name)) {
    const actual = await api.get(object);
    if (actual === undefined || !belongsTo(actual, name)) continue;
    await api.remove(object);
    deleted.push(objectName(object, name.namespace));
  }
  return { restored, deleted };
}

/** @returns undefined where the object is as the manifest has it */
function restorationOf(
  manifest: KubernetesObject,
  actual: KubernetesObject | undefined,
  later: readonly KubernetesObject[],
): Restoration | undefined {
  if (actual === undefined) return { manifest, left: [], removed: [] };
  const owners = ownersOf(actual);
  const helms = helmsOf(owners);
  const machines = owners.filter((owner) => !helms.has(owner.manager) && !isEditor(owner, helms));
  const keysAt = (path: Parameters<typeof owns>[1]) => mergeKeysAt(owners, path);
  const expected = comparable(manifest);
  const found = differences(expected, actual, keysAt);
  // What an autoscaler or a controller set was not set by the run that was killed.
  const left = found.map(({ path }) => path).filter((path) => machines.some((owner) => owns(owner, path)));
  const removed = later
    .flatMap((newer) => fieldsBeyond(comparable(newer), expected, keysAt))
    .filter((path) => valueAt(actual, path) !== undefined);
  return found.length === left.length && removed.length === 0 ? undefined : { manifest, left, removed };
}

const identity = (object: KubernetesObject, { namespace }: ReleaseName) => {
  const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0] : "";
  return JSON.stringify([group, object.kind, object.metadata.namespace ?? namespace, object.metadata.name]);
};

const sameIn = (record: ReleaseRecord, object: KubernetesObject, name: ReleaseName) =>
  record.manifest.filter((one) => identity(one, name) === identity(object, name));

/** Objects that only the later revisions have. The last ones go first. */
function newObjects(
  to: ReleaseRecord,
  later: readonly ReleaseRecord[],
  name: ReleaseName,
): KubernetesObject[] {
  const all = later
    .flatMap(({ manifest }) => manifest)
    .filter((object) => sameIn(to, object, name).length === 0);
  const once = new Map(all.map((object) => [identity(object, name), object]));
  return [...once.values()].filter(({ kind }) => !KEPT_KINDS.has(kind)).reverse();
}

/** Whether Helm deployed an object for this release, and may delete it. */
function belongsTo({ metadata }: KubernetesObject, { namespace, release }: ReleaseName): boolean {
  const { annotations } = metadata;
  return (
    isObject(annotations) &&
    annotations["meta.helm.sh/release-name"] === release &&
    annotations["meta.helm.sh/release-namespace"] === namespace &&
    annotations["helm.sh/resource-policy"] !== "keep"
  );
}
