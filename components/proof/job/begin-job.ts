import type { V1Job } from "@kubernetes/client-node";
import type { ProviderContext } from "../../resource/context/context.ts";
import type { ProofSubject } from "../proof-subjects.ts";
import type { NotebookJob } from "../run/run-notebook.ts";
import type { ProofCluster } from "./job-cluster.ts";
import {
  configMaps,
  isJobOf,
  type JobPlace,
  jobName,
  networkPolicy,
  type Owner,
  proofJob,
} from "./job-objects.ts";

/** Where a Job is begun. */
export interface BeginOptions {
  readonly cluster: ProofCluster;
  readonly place: JobPlace;
  readonly context: Pick<ProviderContext, "poll">;
}

/** A Job that may run. */
export interface Begun {
  readonly owner: Owner;
  /** Whether the Job was there already, resumed. */
  readonly isOld: boolean;
}

/** Milliseconds in which what an earlier attempt has left is gone, and between two looks at it. */
const REMOVAL = { first: 1_000, slowest: 10_000, limit: 120_000 };

/** Begins the Job of a proof, or finds it. @returns why it can't begin, where it can't */
export async function beginJob(
  { key, image }: ProofSubject,
  job: NotebookJob,
  parts: readonly Uint8Array[],
  { cluster, place, context }: BeginOptions,
): Promise<Begun | { readonly why: string }> {
  const name = jobName(key);
  const free = await context.poll(() => lookFor(name, key, cluster), REMOVAL);
  if (!free)
    return {
      why: `what an earlier attempt has left in the namespace is not deleted after ${REMOVAL.limit / 1000} s`,
    };
  if (free.found?.spec?.suspend === false) return { owner: ownerOf(name, free.found), isOld: true };
  if (!free.found) await cluster.createJob(proofJob({ key, image, job, place, parts: parts.length }));
  const created = free.found ?? (await cluster.job(name));
  if (!created) return { why: "somebody has deleted the Job" };
  const owner = ownerOf(name, created);
  for (const map of configMaps(owner, parts)) await cluster.createConfigMap(map);
  await cluster.createNetworkPolicy(networkPolicy(owner, job.network));
  await cluster.resumeJob(name);
  return { owner, isOld: false };
}

/** @returns the proof's Job, where there is one; undefined while its names are taken by what has to go first */
async function lookFor(
  name: string,
  key: string,
  cluster: ProofCluster,
): Promise<{ readonly found: V1Job | undefined } | undefined> {
  const found = await cluster.job(name);
  if (found?.metadata?.deletionTimestamp) return undefined;
  if (found && !isJobOf(found, key)) {
    await cluster.deleteJob(ownerOf(name, found));
    return undefined;
  }
  if (found?.spec?.suspend === false) return { found };
  // What a Job has owned is collected after it, even where another Job counts on it by then.
  const owners = await cluster.owners(name);
  return owners.every((uid) => uid === found?.metadata?.uid) ? { found } : undefined;
}

const ownerOf = (name: string, { metadata }: V1Job): Owner => ({ name, uid: metadata?.uid ?? "" });
