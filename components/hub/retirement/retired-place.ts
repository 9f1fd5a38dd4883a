import { LecternError } from "../../problem/problem.ts";
import type { KubernetesApi } from "../release/api/kubernetes-api.ts";

/** Where a hub is retired. */
export interface RetiredPlace {
  readonly api: KubernetesApi;
  readonly cluster: string;
  readonly namespace: string;
}

/**
 * Whose changes these are, in the objects' `managedFields`. Not the name of whoever deploys, so that what was scaled
 * is drift, and put back, once a hub is no longer retired.
 */
export const FIELD_MANAGER = "lectern-retirement";

/** A write that the API accepted, and that is not there. */
export function unchanged(cluster: string, what: string): LecternError {
  return new LecternError({
    code: "not-retired",
    severity: "error",
    message: `${what} in the cluster ${cluster}, although it was set`,
    remedy: "Find out what changes it back, such as an operator or an admission webhook, and deploy again",
  });
}
