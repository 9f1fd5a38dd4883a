import { LecternError } from "../../problem/problem.ts";
import type { Clock } from "../../resource/context/clock.ts";
import type { ProofCluster } from "./job-cluster.ts";

/** Milliseconds after which no run resumes a Job any more. */
const ABANDONED = 86_400_000;

/**
 * Deletes the Jobs that runs have left suspended, since they were killed before they could resume them: Kubernetes
 * deletes only those that have ended. What can't be deleted stays: notebooks run without it.
 */
export async function deleteAbandoned(cluster: ProofCluster, clock: Pick<Clock, "now">): Promise<void> {
  try {
    for (const { metadata, spec } of await cluster.proofs()) {
      const { name = "", uid = "", creationTimestamp } = metadata ?? {};
      const age = clock.now() - (creationTimestamp?.getTime() ?? clock.now());
      if (spec?.suspend && age > ABANDONED) await cluster.deleteJob({ name, uid });
    }
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
  }
}
