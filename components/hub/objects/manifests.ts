import { parseAllDocuments } from "yaml";
import { isObject, type JsonObject } from "../../json.ts";

/** A Kubernetes object as a chart renders it. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace?: string };
}

/** What YAML 1.1 knows and Helm's YAML does not: `2026-01-01` and `12:30` are text there. */
const NOT_HELMS = /:(timestamp|binary|set|omap|pairs)$/;

/**
 * The objects in a rendered manifest, in the YAML that Helm reads (1.1: `yes` is true, `0644` is octal).
 * The objects of a List are taken one by one; what has no kind or name is left out.
 * @throws {SyntaxError} if it is not YAML; the message holds no line of it, which may be of a Secret
 */
export function manifestsIn(text: string): Manifest[] {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: false,
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || isHelms(tag)),
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new SyntaxError(`the rendered manifest is not YAML (${error.code})`);
    return objectsIn(document.toJS());
  });
}

const isHelms = (tag: { readonly tag: string; readonly format?: string }) =>
  tag.format !== "TIME" && !NOT_HELMS.test(tag.tag);

function objectsIn(document: unknown): Manifest[] {
  if (!isObject(document)) return [];
  if (document["kind"] === "List" && Array.isArray(document["items"])) {
    return document["items"].flatMap(objectsIn);
  }
  return isManifest(document) ? [document] : [];
}

function isManifest(value: JsonObject): value is Manifest {
  const { apiVersion, kind, metadata } = value;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    isObject(metadata) &&
    typeof metadata["name"] === "string"
  );
}
