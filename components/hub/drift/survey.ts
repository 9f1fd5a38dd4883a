import pLimit from "p-limit";
import type { KubernetesApi } from "../release/api/kubernetes-api.ts";
import { type KubernetesObject, objectName } from "../release/api/kubernetes-object.ts";
import type { ReleaseRecord } from "../release/record/release-record.ts";
import { editsOf, type FoundEdit, missingFields } from "./comparison/edits.ts";
import { managerOf } from "./restore.ts";

/** Fields of a release's objects that its manifest has and they never had, by object. */
export type Missing = Readonly<Record<string, string[]>>;

/** How a release's objects are, beside its manifest. */
export interface Survey {
  readonly objects: readonly SurveyedObject[];
  /** Who deployed the objects, in `managedFields`. */
  readonly manager: string;
}

interface SurveyedObject {
  readonly name: string;
  readonly manifest: KubernetesObject;
  readonly actual: KubernetesObject | undefined;
}

/** Objects that are read at a time. */
const AT_ONCE = 8;

/** Reads each object of a release; needs no right but to get them. */
export async function survey(api: KubernetesApi, record: ReleaseRecord, namespace: string): Promise<Survey> {
  const limit = pLimit(AT_ONCE);
  const objects = await Promise.all(
    record.manifest.map((manifest) =>
      limit(async () => ({
        name: objectName(manifest, namespace),
        manifest,
        actual: await api.get(manifest),
      })),
    ),
  );
  const managers = objects.flatMap(({ actual }) => (actual && managerOf(actual)) ?? []);
  return { objects, manager: managers[0] ?? "helm" };
}

/** @param missing what is known to be missing since the deployment; undefined where nobody looked */
export function editsIn({ objects }: Survey, namespace: string, missing: Missing | undefined): FoundEdit[] {
  return objects.flatMap(({ name, manifest, actual }) =>
    editsOf(manifest, actual, namespace, missing && new Set(missing[name])),
  );
}

export function missingIn({ objects }: Survey): Missing {
  const entries = objects.flatMap(({ name, manifest, actual }) => {
    const fields = actual === undefined ? [] : missingFields(manifest, actual);
    return fields.length === 0 ? [] : [[name, fields] as const];
  });
  return Object.fromEntries(entries);
}
