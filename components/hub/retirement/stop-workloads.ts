import { isObject } from "../../json.ts";
import { type KubernetesObject, objectName } from "../release/api/kubernetes-object.ts";
import { FIELD_MANAGER, type RetiredPlace, unchanged } from "./retired-place.ts";

/**
 * Scales every Deployment and StatefulSet of a manifest to zero; one that is gone is no error.
 * @returns what is stopped, such as `Deployment hub`
 */
export async function stopWorkloads(
  { api, namespace, cluster }: RetiredPlace,
  manifest: readonly KubernetesObject[],
): Promise<string[]> {
  const stopped: string[] = [];
  for (const object of manifest.filter(isScalable)) {
    const there = await api.get(object);
    if (there === undefined) continue;
    const name = objectName(object, namespace);
    if (replicasOf(there) !== 0) {
      await api.patch(object, [{ op: "add", path: "/spec/replicas", value: 0 }], FIELD_MANAGER);
      const after = await api.get(object);
      if (after !== undefined && replicasOf(after) !== 0)
        throw unchanged(cluster, `${name} is not scaled to zero`);
    }
    stopped.push(name);
  }
  return stopped;
}

const isScalable = ({ apiVersion, kind }: KubernetesObject) =>
  apiVersion.startsWith("apps/") && (kind === "Deployment" || kind === "StatefulSet");

const replicasOf = ({ spec }: KubernetesObject) => (isObject(spec) ? spec["replicas"] : undefined);
