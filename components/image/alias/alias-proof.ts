import { clusterConfig } from "../../cluster/config.ts";
import { kubeConfigOf } from "../../cluster/kube-config.ts";
import { LecternError } from "../../problem/problem.ts";
import { hubSubjects } from "../../proof/job/hub-subjects.ts";
import { type ProofCluster, proofCluster } from "../../proof/job/job-cluster.ts";
import { proofJobs } from "../../proof/job/proof-jobs.ts";
import { planProofs, runProofs } from "../../proof/prove.ts";
import { failureText, staysText } from "../../proof/result/failure-text.ts";
import { explainedFailure } from "../../proof/result/image-changes.ts";
import type { ProofFailure } from "../../proof/result/proof-failure.ts";
import { type ProofResult, resultText } from "../../proof/result/proof-result.ts";
import { proofStore } from "../../proof/store/configured-store.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { shortImage } from "../reference.ts";
import { registryClient } from "../registry/registry-client.ts";

import { type DesiredAlias, isNew, type Move } from "./alias-plan.ts";
import type { AliasProof, AliasRecords, HeldMove } from "./image-alias-contract.ts";

/** How the cluster of a hub is reached. */
export type ClusterOf = (hub: AliasProof["hub"], context: ProviderContext) => Promise<ProofCluster>;

/** The cluster as the stack's configuration says. */
export const configuredCluster: ClusterOf = async (hub, context) => {
  const { kubeconfigs } = context.config({ kubeconfigs: clusterConfig.kubeconfigs });
  return proofCluster(await kubeConfigOf(hub, kubeconfigs?.[hub.cluster]), hub.cluster, hub.namespace);
};

/** Where notebooks are proven. */
interface ProvingIn {
  readonly context: ProviderContext;
  readonly clusterOf: ClusterOf;
}

/** What an alias is about to do. */
export interface PlannedMoves {
  readonly moves: readonly Move[];
  /** What this stack applied before. */
  readonly known: AliasRecords;
}

/** The image that the notebooks are proven on; undefined where nothing is to be proven. */
function provenImage({ source, targetDigest, rollback }: DesiredAlias, { moves, known }: PlannedMoves) {
  const isMoved = moves.some((move) => isNew(move, known));
  // A rollback goes to what was there before, and has to work when it is needed.
  return isMoved && !rollback ? `${source}@${targetDigest}` : undefined;
}

/**
 * Proves the notebooks of a hub's users on the image that an alias is about to move to.
 * @returns the hold, where a notebook fails and that holds the alias
 * @throws {LecternError} where notebooks that have to pass could not be run
 */
export async function proveMove(
  desired: DesiredAlias,
  planned: PlannedMoves,
  proof: AliasProof,
  { context, clusterOf }: ProvingIn,
): Promise<HeldMove | undefined> {
  const image = provenImage(desired, planned);
  if (image === undefined) return undefined;
  const report = reporter(context, proof.entry);
  try {
    const failed = await failuresOn(image, proof, { context, clusterOf }, report);
    const failure = await explained(failed, image, planned, context);
    if (!failure) return undefined;
    const reason = failureText(failure);
    if (proof.mode === "warn") {
      report("warning", `${reason}; lectern:prove is warn, so ${desired.alias} is moved`);
      return undefined;
    }
    report("warning", staysText(desired.alias, proof.entry, reason));
    return { image, reason, keys: failed.map(({ key }) => key), failure };
  } catch (error) {
    if (proof.mode === "require" || !(error instanceof LecternError)) throw error;
    report("warning", `the notebooks were not proven: ${error.message}`);
    return undefined;
  }
}

type Report = (severity: "info" | "warning", message: string) => void;
const reporter =
  (context: ProviderContext, entry: string): Report =>
  (severity, message) =>
    context.report({ severity, resource: `images/${entry}`, message });

async function failuresOn(
  image: string,
  { courses, hub, entry }: AliasProof,
  { context, clusterOf }: ProvingIn,
  report: Report,
): Promise<ProofResult[]> {
  const store = proofStore(context);
  const subjects = await hubSubjects(courses, entry, image);
  const { known, toRun } = await planProofs(subjects, store);
  if (toRun.length === 0) return known.filter(({ outcome }) => outcome === "failed");
  report("info", `running ${toRun.length} of ${subjects.length} notebooks on ${shortImage(image)}`);
  const cluster = await clusterOf(hub, context);
  const jobs = proofJobs({ cluster, place: hub, name: hub.cluster, store, context });
  const { clock, signal } = context;
  const onResult = (result: ProofResult) => report("info", resultText(result));
  const ran = await runProofs(toRun, { jobs, store, clock, signal, onResult });
  return [...known, ...ran].filter(({ outcome }) => outcome === "failed");
}

/** The first failure, with what differs from the image that this stack applied last; undefined where there is none. */
function explained(
  failed: readonly ProofResult[],
  image: string,
  { moves: [first], known }: PlannedMoves,
  context: ProviderContext,
): Promise<ProofFailure | undefined> {
  const before = first && (known[first.repository]?.applied ?? first.from);
  const from = before === undefined ? "" : `${first?.repository}@${before}`;
  return explainedFailure(failed, { from, to: image }, registryClient(context));
}

/** Says of a move that is still held why, since nothing is run that would say it. */
export function announceHold(
  { reason }: HeldMove,
  alias: string,
  entry: string,
  context: ProviderContext,
): void {
  reporter(context, entry)("warning", staysText(alias, entry, reason));
}

/** Says in a preview what is known of the image's notebooks, and what will be run. */
export async function announceMove(
  desired: DesiredAlias,
  planned: PlannedMoves,
  proof: AliasProof,
  context: ProviderContext,
): Promise<void> {
  const image = provenImage(desired, planned);
  if (image === undefined) return;
  const { courses, entry, mode } = proof;
  const report = reporter(context, entry);
  const subjects = await hubSubjects(courses, entry, image);
  const plan = await planProofs(subjects, proofStore(context)).catch((error: unknown) => {
    if (!(error instanceof LecternError)) throw error;
    // The registry may answer by the time of the deployment.
    report("warning", `what is known of its ${subjects.length} notebooks can't be read: ${error.message}`);
  });
  if (!plan) return;
  const failed = plan.known.filter(({ outcome }) => outcome === "failed");
  const failure = await explained(failed, image, planned, context);
  const text = `${plan.toRun.length} of ${subjects.length} notebooks are to run on ${shortImage(image)}`;
  if (!failure) report("info", text);
  else if (mode === "require") report("warning", staysText(desired.alias, entry, failureText(failure)));
  else report("warning", `${failureText(failure)}; lectern:prove is warn, so ${desired.alias} is moved`);
}

/** Whether a move that was held still is: to the same image, and the notebooks that failed are as they were. */
export async function isStillHeld(
  held: HeldMove,
  { source, targetDigest, rollback }: DesiredAlias,
  proof: AliasProof | undefined,
): Promise<boolean> {
  if (proof?.mode !== "require" || rollback || held.image !== `${source}@${targetDigest}`) return false;
  const subjects = await hubSubjects(proof.courses, proof.entry, held.image);
  const keys = new Set(subjects.map(({ key }) => key));
  return held.keys.every((key) => keys.has(key));
}
