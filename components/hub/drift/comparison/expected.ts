import { isObject, type JsonObject } from "../../../json.ts";
import type { KubernetesObject } from "../../release/api/kubernetes-object.ts";

/** What of a manifest an object is compared by: its labels, its annotations and all but its status. */
export function comparable(manifest: KubernetesObject): JsonObject {
  const { apiVersion: _version, kind, metadata, status: _status, ...rest } = manifest;
  const { labels, annotations } = metadata;
  return { metadata: { labels, annotations }, ...(kind === "Secret" ? secretBody(rest) : rest) };
}

/** A Secret keeps as data what it is given as text, and base64 has more than one notation. */
function secretBody({ stringData, data, ...rest }: JsonObject): JsonObject {
  const text = Object.entries(isObject(stringData) ? stringData : {}).filter(([, value]) => value !== null);
  const encoded = text.map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]);
  const given = Object.entries(isObject(data) ? data : {}).map(([key, value]) => [
    key,
    typeof value === "string" ? Buffer.from(value, "base64").toString("base64") : value,
  ]);
  const all = Object.fromEntries([...given, ...encoded]);
  return data === undefined && stringData === undefined ? rest : { ...rest, data: all };
}
