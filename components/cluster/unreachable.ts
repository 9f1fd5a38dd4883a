import { LecternError } from "../problem/problem.ts";

/** The cluster's API does not answer. */
export function unreachable(cluster: string, error: unknown): LecternError {
  if (error instanceof LecternError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LecternError({
    code: "cluster-unreachable",
    severity: "error",
    message: `the cluster ${cluster} does not answer${reason === "" ? "" : `: ${reason}`}`,
    remedy: `Check that its API is up, and that cluster.yaml, lectern:clusters.${cluster}.context or lectern:kubeconfigs says how it is reached`,
  });
}
