import { shortImage } from "../image/reference.ts";
import { registryClient } from "../image/registry/registry-client.ts";
import { LecternError } from "../problem/problem.ts";
import type { ProviderContext } from "../resource/context/context.ts";
import type { ProofSubject } from "./proof-subjects.ts";
import { type ProofRunner, planProofs, runProofs } from "./prove.ts";
import { failureText } from "./result/failure-text.ts";
import { explainedFailure } from "./result/image-changes.ts";
import type { ProofFailure } from "./result/proof-failure.ts";
import { type ProofResult, resultText } from "./result/proof-result.ts";
import { proofStore } from "./store/configured-store.ts";

/** What is to get an image on which notebooks have to run: a kernel, or an alias. */
export interface ImageProof {
  /** Whether a notebook that fails holds the image, or is reported. */
  readonly mode: "warn" | "require";
  readonly context: ProviderContext;
  /** Whose reports these are. */
  readonly resource: string;
  /** `repository@sha256:…`; `from` is empty where there was none before. */
  readonly images: { readonly from: string; readonly to: string };
  /** The notebooks. @throws {LecternError} where a lecture.yaml is wrong */
  subjects(): Promise<ProofSubject[]>;
  /** What is reported where the image is held for this reason. */
  heldText(reason: string): string;
  /** What happens where it is not held, as the end of a sentence: `the kernel gets the image`. */
  readonly otherwise: string;
}

/** An image that is held. */
export interface HeldImage {
  readonly image: string;
  readonly reason: string;
  /** The keys of the proofs that failed. */
  readonly keys: string[];
  readonly failure: ProofFailure;
}

/** What runs the notebooks, and the end of the sentence that says so: `, in stand-in kernels`. */
export type StartedRunner = ProofRunner & { readonly where?: string };

/**
 * Proves the notebooks on the image, before anything is changed.
 * @param start called where something is to run
 * @returns the hold, where a notebook fails and that holds the image
 * @throws {LecternError} where notebooks that have to pass could not be run
 */
export async function proveImage(
  proof: ImageProof,
  start: () => Promise<StartedRunner>,
): Promise<HeldImage | undefined> {
  const { mode, images } = proof;
  const report = reporter(proof);
  try {
    const failed = await failuresOn(proof, start);
    const failure = await explained(proof, failed);
    if (!failure) return undefined;
    const reason = failureText(failure);
    report("warning", mode === "warn" ? goesOnText(proof, reason) : proof.heldText(reason));
    return mode === "warn"
      ? undefined
      : { image: images.to, reason, keys: failed.map(({ key }) => key), failure };
  } catch (error) {
    if (mode === "require" || !(error instanceof LecternError)) throw error;
    report("warning", `the notebooks were not proven: ${error.message}`);
    return undefined;
  }
}

/** Says in a preview what is known of the image's notebooks, and what will be run. */
export async function announceProof(proof: ImageProof): Promise<void> {
  const report = reporter(proof);
  const subjects = await proof.subjects();
  if (subjects.length === 0) return;
  const plan = await planProofs(subjects, proofStore(proof.context)).catch((error: unknown) => {
    if (!(error instanceof LecternError)) throw error;
    // The registry may answer by the time of the deployment.
    report("warning", `what is known of its ${subjects.length} notebooks can't be read: ${error.message}`);
  });
  if (!plan) return;
  const failure = await explained(proof, plan.known.filter(isFailed));
  if (!failure) {
    const text = `${plan.toRun.length} of ${subjects.length} notebooks are to run`;
    report("info", `${text} on ${shortImage(proof.images.to)}`);
    return;
  }
  const reason = failureText(failure);
  report("warning", proof.mode === "require" ? proof.heldText(reason) : goesOnText(proof, reason));
}

/** Whether the notebooks that failed are as they were. */
export function isStillHeldBy(subjects: readonly ProofSubject[], keys: readonly string[]): boolean {
  const now = new Set(subjects.map(({ key }) => key));
  return keys.every((key) => now.has(key));
}

const isFailed = ({ outcome }: ProofResult) => outcome === "failed";

const goesOnText = ({ otherwise }: ImageProof, reason: string) =>
  `${reason}; lectern:prove is warn, so ${otherwise}`;

const explained = ({ images, context }: ImageProof, failed: readonly ProofResult[]) =>
  explainedFailure(failed, images, registryClient(context));

const reporter =
  ({ context, resource }: Pick<ImageProof, "context" | "resource">) =>
  (severity: "info" | "warning", message: string): void =>
    context.report({ severity, resource, message });

async function failuresOn(proof: ImageProof, start: () => Promise<StartedRunner>): Promise<ProofResult[]> {
  const { context, images } = proof;
  const { clock, signal } = context;
  const report = reporter(proof);
  const store = proofStore(context);
  const subjects = await proof.subjects();
  const { known, toRun } = await planProofs(subjects, store);
  if (toRun.length === 0) return known.filter(isFailed);
  const { where = "", ...runner } = await start();
  report(
    "info",
    `running ${toRun.length} of ${subjects.length} notebooks on ${shortImage(images.to)}${where}`,
  );
  const onResult = (result: ProofResult) => report("info", resultText(result));
  const ran = await runProofs(toRun, { ...runner, store, clock, signal, onResult });
  return [...known, ...ran].filter(isFailed);
}
