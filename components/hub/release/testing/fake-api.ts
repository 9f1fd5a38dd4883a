import { isObject, type JsonObject } from "../../../json.ts";
import type { KubernetesApi } from "../api/kubernetes-api.ts";
import type { KubernetesObject, ObjectReference } from "../api/kubernetes-object.ts";

/** A patch's operation that adds or replaces the field of an object's field, such as `/spec/replicas`. */
function withAdded(object: KubernetesObject, { path, value }: JsonObject): KubernetesObject {
  const [, outer = "", inner = ""] = String(path).split("/");
  const fields = object[outer];
  return { ...object, [outer]: { ...(isObject(fields) ? fields : {}), [inner]: value } };
}

/** An API in memory, with the versions that writes are checked by. */
export function fakeApi(...objects: readonly KubernetesObject[]) {
  const held = new Map<string, KubernetesObject>();
  let version = 0;
  const keyOf = ({ kind, metadata }: ObjectReference) => `${kind} ${metadata.name}`;
  const put = (object: KubernetesObject) => {
    const written = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    held.set(keyOf(object), written);
    return written;
  };
  objects.forEach(put);
  const api: KubernetesApi = {
    get: async (object) => held.get(keyOf(object)),
    list: async ({ kind }) => [...held.values()].filter((object) => object.kind === kind),
    create: async (object) => (held.has(keyOf(object)) ? undefined : put(object)),
    replace: async (object) => {
      const { resourceVersion } = object.metadata;
      return held.get(keyOf(object))?.metadata.resourceVersion === resourceVersion ? put(object) : undefined;
    },
    apply: async (object) => put(object),
    patch: async (object, patch) => {
      const there = held.get(keyOf(object));
      return there && put(patch.reduce(withAdded, there));
    },
    remove: async (object) => void held.delete(keyOf(object)),
  };
  return { api, held, put };
}
