import { clusterConfig } from "../../cluster/config.ts";
import { kubeConfigOf } from "../../cluster/kube-config.ts";
import { announceProof, type ImageProof, isStillHeldBy, proveImage } from "../../proof/image-proof.ts";
import { hubSubjects } from "../../proof/job/hub-subjects.ts";
import { type ProofCluster, proofCluster } from "../../proof/job/job-cluster.ts";
import { proofJobs } from "../../proof/job/proof-jobs.ts";
import { staysText } from "../../proof/result/failure-text.ts";
import { proofStore } from "../../proof/store/configured-store.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
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
  const moved = proofOfMove(desired, planned, proof, context);
  if (!moved) return undefined;
  const { hub } = proof;
  return proveImage(moved, async () => {
    const cluster = await clusterOf(hub, context);
    const store = proofStore(context);
    return { jobs: proofJobs({ cluster, place: hub, name: hub.cluster, store, context }) };
  });
}

/** Says in a preview what is known of the image's notebooks, and what will be run. */
export async function announceMove(
  desired: DesiredAlias,
  planned: PlannedMoves,
  proof: AliasProof,
  context: ProviderContext,
): Promise<void> {
  const moved = proofOfMove(desired, planned, proof, context);
  if (moved) await announceProof(moved);
}

/** What notebooks have to run on; undefined where nothing is to be proven. */
function proofOfMove(
  desired: DesiredAlias,
  planned: PlannedMoves,
  { courses, entry, mode }: AliasProof,
  context: ProviderContext,
): ImageProof | undefined {
  const { alias } = desired;
  const image = provenImage(desired, planned);
  if (image === undefined) return undefined;
  return {
    mode,
    context,
    resource: resourceOf(entry),
    images: { from: imageBefore(planned), to: image },
    subjects: () => hubSubjects(courses, entry, image),
    heldText: (reason) => staysText(alias, entry, reason),
    otherwise: `${alias} is moved`,
  };
}

/** The image that this stack applied last; empty where there is none. */
function imageBefore({ moves: [first], known }: PlannedMoves): string {
  const before = first && (known[first.repository]?.applied ?? first.from);
  return before === undefined ? "" : `${first?.repository}@${before}`;
}

const resourceOf = (entry: string) => `images/${entry}`;

/** Says of a move that is still held why, since nothing is run that would say it. */
export function announceHold(
  { reason }: HeldMove,
  alias: string,
  entry: string,
  context: ProviderContext,
): void {
  const message = staysText(alias, entry, reason);
  context.report({ severity: "warning", resource: resourceOf(entry), message });
}

/** Whether a move that was held still is: to the same image, and the notebooks that failed are as they were. */
export async function isStillHeld(
  held: HeldMove,
  { source, targetDigest, rollback }: DesiredAlias,
  proof: AliasProof | undefined,
): Promise<boolean> {
  if (proof?.mode !== "require" || rollback || held.image !== `${source}@${targetDigest}`) return false;
  return isStillHeldBy(await hubSubjects(proof.courses, proof.entry, held.image), held.keys);
}
