import { isObject, type JsonObject } from "../../../json.ts";
import type { Manifest } from "../manifests.ts";

/** The kinds that have a pod template, with the path of it. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  Pod: [],
};

/** Where a kind has its pod's metadata and spec; undefined where it makes no pods. */
export const podTemplateOf = (kind: string): readonly string[] | undefined =>
  Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;

/**
 * An object without what means nothing: nulls, empty maps of labels and annotations, and the difference
 * between `data` and `stringData` of a Secret.
 */
export function normalised(manifest: Manifest): JsonObject {
  const { metadata, ...rest } = withoutNulls(manifest) as Manifest;
  const { labels, annotations, ...others } = metadata;
  return {
    ...(manifest.kind === "Secret" ? withData(rest) : rest),
    metadata: { ...others, ...filled({ labels }), ...filled({ annotations }) },
  };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

const filled = (maps: JsonObject) =>
  Object.fromEntries(Object.entries(maps).filter(([, map]) => isObject(map) && Object.keys(map).length > 0));

/** The API server keeps `stringData` as `data`. */
function withData({ stringData, ...rest }: JsonObject): JsonObject {
  if (!isObject(stringData)) return rest;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString("base64"),
  ]);
  return {
    ...rest,
    data: { ...(isObject(rest["data"]) ? rest["data"] : {}), ...Object.fromEntries(encoded) },
  };
}
