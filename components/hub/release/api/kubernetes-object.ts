import type { JsonObject } from "../../../json.ts";

/** What a Kubernetes API holds or a chart renders, as plain JSON. */
export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
}

interface ObjectMetadata extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
}

/** Who owns which fields of an object. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: JsonObject;
}

/** What names an object: enough to read it. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** An object of which no more is known than its metadata. */
export type LabelledObject = Pick<KubernetesObject, "apiVersion" | "kind" | "metadata">;

/** `ConfigMap hub`, or `ConfigMap other/hub` where it is not in the namespace of its release. */
export function objectName({ kind, metadata }: ObjectReference, home: string): string {
  const { name, namespace = home } = metadata;
  return namespace === home ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
