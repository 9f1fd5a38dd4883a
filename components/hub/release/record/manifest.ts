import { parseAllDocuments, type Tags } from "yaml";
import { isObject } from "../../../json.ts";
import { LecternError } from "../../../problem/problem.ts";
import type { KubernetesObject } from "../api/kubernetes-object.ts";

/** What Helm's YAML library knows of YAML 1.1's types: no dates, no times of day as numbers. */
const HELM_TAGS = (tags: Tags): Tags =>
  tags.filter(
    (tag) =>
      typeof tag === "string" ||
      !/:(timestamp|binary|omap|pairs|set)$|^TIME$/.test(tag.format === "TIME" ? "TIME" : tag.tag),
  );

/**
 * The objects of a rendered manifest, in its order, as Helm reads them: YAML 1.1, lists of objects taken apart.
 * @param whose what the manifest belongs to, for a message
 * @throws {LecternError} where it is not YAML, or something in it is no object; never with its content
 */
export function manifestObjects(text: string, whose: string): KubernetesObject[] {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    merge: true,
    customTags: HELM_TAGS,
    uniqueKeys: false,
    logLevel: "silent",
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    if (document.errors.length > 0) throw malformed(whose, index);
    return objectsIn(document.toJS({ maxAliasCount: 1000 }), whose, index);
  });
}

function objectsIn(value: unknown, whose: string, index: number): KubernetesObject[] {
  if (value === null || value === undefined) return [];
  if (!isObject(value)) throw malformed(whose, index);
  if (Array.isArray(value["items"]) && String(value["kind"]).endsWith("List"))
    return value["items"].flatMap((item) => objectsIn(item, whose, index));
  if (!isKubernetesObject(value)) throw malformed(whose, index);
  return [value];
}

function isKubernetesObject(value: object): value is KubernetesObject {
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    isObject(metadata) &&
    typeof metadata["name"] === "string"
  );
}

function malformed(whose: string, index: number): LecternError {
  return new LecternError({
    code: "malformed-manifest",
    severity: "error",
    message: `document ${index + 1} of the manifest of ${whose} is not a Kubernetes object`,
    remedy: "Correct the chart's template, and upgrade the release with Helm once",
  });
}
