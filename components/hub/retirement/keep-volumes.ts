import { isObject } from "../../json.ts";
import { LecternError } from "../../problem/problem.ts";
import type { KubernetesApi } from "../release/api/kubernetes-api.ts";
import type { KubernetesObject, ObjectReference } from "../release/api/kubernetes-object.ts";
import { FIELD_MANAGER, type RetiredPlace, unchanged } from "./retired-place.ts";

/** A volume that stays when its claim goes. */
export interface KeptVolume {
  readonly claim: string;
  readonly volume: string;
}

interface Kept {
  readonly kept: readonly KeptVolume[];
  /** Claims without a volume. */
  readonly unbound: readonly string[];
}

/** How many claims are looked at at a time: a hub has one for each user. */
const AT_A_TIME = 10;

const RETAIN = "Retain";

/**
 * Has the volume of every claim of a namespace stay when the claim is deleted.
 * @param known claims whose volumes are kept already
 * @throws {LecternError} where the account may not do that, or the API does not do it
 */
export async function keepVolumes(place: RetiredPlace, known: ReadonlySet<string>): Promise<Kept> {
  const { api, namespace } = place;
  const found = await api.list({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, labels: "" });
  const claims = found.map(({ metadata }) => metadata.name).filter((name) => !known.has(name));
  const kept: KeptVolume[] = [];
  const unbound: string[] = [];
  for (let first = 0; first < claims.length; first += AT_A_TIME) {
    const some = claims.slice(first, first + AT_A_TIME);
    const volumes = await Promise.all(some.map((claim) => keepVolume(place, claim)));
    for (const [index, claim] of some.entries()) {
      const volume = volumes[index];
      if (volume === undefined) unbound.push(claim);
      else kept.push({ claim, volume });
    }
  }
  return { kept, unbound };
}

/** @returns the name of the claim's volume; undefined where it has none */
async function keepVolume(
  { api, namespace, cluster }: RetiredPlace,
  name: string,
): Promise<string | undefined> {
  const claim = await api.get({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
  });
  const volume = claim && specOf(claim)["volumeName"];
  if (typeof volume !== "string" || volume === "") return undefined;
  return allowed(cluster, namespace, async () => {
    const reference = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: volume } };
    const there = await api.get(reference);
    // A claim may name a volume that another one has.
    if (there === undefined || !isOf(there, namespace, name)) return undefined;
    if (!isRetained(there)) await retain(api, reference, cluster);
    return volume;
  });
}

async function retain(api: KubernetesApi, volume: ObjectReference, cluster: string): Promise<void> {
  const policy = { op: "add", path: "/spec/persistentVolumeReclaimPolicy", value: RETAIN };
  await api.patch(volume, [policy], FIELD_MANAGER);
  const after = await api.get(volume);
  if (after === undefined || !isRetained(after))
    throw unchanged(
      cluster,
      `the reclaim policy of PersistentVolume ${volume.metadata.name} is not ${RETAIN}`,
    );
}

const specOf = ({ spec }: KubernetesObject) => (isObject(spec) ? spec : {});

const isRetained = (volume: KubernetesObject) => specOf(volume)["persistentVolumeReclaimPolicy"] === RETAIN;

function isOf(volume: KubernetesObject, namespace: string, claim: string): boolean {
  const { claimRef } = specOf(volume);
  return isObject(claimRef) && claimRef["namespace"] === namespace && claimRef["name"] === claim;
}

/** Volumes belong to no namespace, so an account that may do everything in one may still not touch them. */
async function allowed<T>(cluster: string, namespace: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof LecternError) || error.problems.every(({ code }) => code !== "cluster-forbidden"))
      throw error;
    throw new LecternError({
      code: "cluster-forbidden",
      severity: "error",
      message: `the volumes of the namespace ${namespace} can't be kept: the account that deploys the cluster ${cluster} may not get or patch persistentvolumes`,
      remedy:
        "Give it a ClusterRole with the verbs get and patch for persistentvolumes, as `lectern cluster rbac` prints it while a hub has `retire: true`",
    });
  }
}
