import type { AppsV1Api, KubeConfig, V1Scale } from "@kubernetes/client-node";
import { LecternError } from "../../../problem/problem.ts";
import type { Placeholder } from "../windows.ts";
import type { Scaler } from "./tick.ts";

/** Who scales, in `managedFields`. No deployment is called so, or it would count as the owner of the number. */
const FIELD_MANAGER = "lectern-tick";

/** Scales through the API, by the subresource `scale` alone; loads the Kubernetes client, which is large, only then. */
export async function clusterScaler(config: KubeConfig): Promise<Scaler> {
  const { ApiException, AppsV1Api: Apps } = await import("@kubernetes/client-node");
  const apps = config.makeApiClient(Apps);
  const asked = async <T>(does: string, placeholder: Placeholder, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      throw error instanceof ApiException ? refused(does, placeholder, error.code) : silent(error);
    }
  };
  return {
    replicas: async (placeholder) => {
      const { spec } = await asked("read", placeholder, () => readScale(apps, placeholder));
      return spec?.replicas ?? 0;
    },
    scale: async (placeholder, replicas) => {
      await asked("scale", placeholder, () => writeScale(apps, placeholder, replicas));
    },
  };
}

const readScale = (apps: AppsV1Api, { kind, name, namespace }: Placeholder): Promise<V1Scale> =>
  kind === "Deployment"
    ? apps.readNamespacedDeploymentScale({ name, namespace })
    : apps.readNamespacedStatefulSetScale({ name, namespace });

/** Without `resourceVersion`, so that whoever wrote to the object meanwhile is no reason to fail. */
function writeScale(
  apps: AppsV1Api,
  { kind, name, namespace }: Placeholder,
  replicas: number,
): Promise<V1Scale> {
  const body: V1Scale = { metadata: { name, namespace }, spec: { replicas } };
  const request = { name, namespace, body, fieldManager: FIELD_MANAGER };
  return kind === "Deployment"
    ? apps.replaceNamespacedDeploymentScale(request)
    : apps.replaceNamespacedStatefulSetScale(request);
}

function refused(does: string, { kind, name, namespace }: Placeholder, status: number): LecternError {
  const why: Readonly<Record<number, string>> = {
    401: "the API does not know who asks",
    403: "the API does not allow it",
    404: "there is none of this name",
  };
  return new LecternError({
    code: "scale-refused",
    severity: "error",
    message: `the ${kind} ${name} in the namespace ${namespace} can't be ${does === "read" ? "read" : "scaled"}: ${why[status] ?? `the API answered ${status}`}`,
    remedy: "Deploy again, which registers the placeholders and the role that scales them",
  });
}

function silent(error: unknown): LecternError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new LecternError({
    code: "cluster-unreachable",
    severity: "error",
    message: `the cluster's API does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Nothing, if it answers again: the tick of the next minute makes up for this one",
  });
}
