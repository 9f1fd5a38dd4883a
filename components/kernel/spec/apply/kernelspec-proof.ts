import { shortImage } from "../../../image/reference.ts";
import { registryClient } from "../../../image/registry/registry-client.ts";
import { LecternError } from "../../../problem/problem.ts";
import { kernelSubjects } from "../../../proof/kernel-proof.ts";
import { planProofs, runProofs } from "../../../proof/prove.ts";
import { failureText, keepsText } from "../../../proof/result/failure-text.ts";
import { explainedFailure } from "../../../proof/result/image-changes.ts";
import { type ProofResult, resultText } from "../../../proof/result/proof-result.ts";
import { gatewayKernels } from "../../../proof/run/gateway-kernels.ts";
import { proofStore } from "../../../proof/store/configured-store.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { type Planned, UNKNOWN } from "../../../resource/contract.ts";
import { smokeUser } from "../../gateway/smoke.ts";
import type { KernelspecInputs, KernelspecState, kernelspecContract } from "../kernelspec-contract.ts";
import type { KernelTarget } from "./kernelspec-target.ts";

/** An image that is not patched in, as the state keeps it. */
type Held = NonNullable<KernelspecState["held"]>;

/** Seconds in which a kernel has to start where the kernel has no trial. */
const START = 120;

/**
 * Proves the notebooks that a kernel runs on its new image, before anything is changed.
 * @returns the hold, where a notebook fails and that holds the image
 * @throws {LecternError} where notebooks that have to pass could not be run
 */
export async function proveImage(
  target: KernelTarget,
  state: KernelspecState,
  inputs: KernelspecInputs,
): Promise<Held | undefined> {
  const { image, proof } = inputs;
  const { context, client, paths } = target;
  if (!proof || image === "" || image === state.applied.image) return undefined;
  const report = reporter(context, paths.name);
  if (!client) {
    report("warning", "its notebooks are not proven: the gateway has no url");
    return undefined;
  }
  try {
    const failed = await failuresOn(target, inputs, proof, client, report);
    const failure = await explainedFailure(
      failed,
      { from: state.applied.image, to: image },
      registryClient(context),
    );
    if (!failure) return undefined;
    const reason = failureText(failure);
    if (proof.mode === "warn") {
      report("warning", `${reason}; lectern:prove is warn, so the kernel gets the image`);
      return undefined;
    }
    report("warning", keepsText(paths.name, state.applied.image, reason));
    return { image, reason, keys: failed.map(({ key }) => key), failure };
  } catch (error) {
    if (proof.mode === "require" || !(error instanceof LecternError)) throw error;
    report("warning", `its notebooks were not proven: ${error.message}`);
    return undefined;
  }
}

/** Says of an image that is still held why, since nothing is run that would say it. */
export function announceHold(state: KernelspecState, context: ProviderContext): void {
  const { held, applied } = state;
  if (held) reporter(context, applied.name)("warning", keepsText(applied.name, applied.image, held.reason));
}

type Report = (severity: "info" | "warning", message: string) => void;
const reporter =
  (context: ProviderContext, resource: string): Report =>
  (severity, message) =>
    context.report({ severity, resource, message });

async function failuresOn(
  { context, paths }: KernelTarget,
  inputs: KernelspecInputs,
  proof: NonNullable<KernelspecInputs["proof"]>,
  client: NonNullable<KernelTarget["client"]>,
  report: Report,
): Promise<ProofResult[]> {
  const { image, smoke, body, owner = "lectern" } = inputs;
  const store = proofStore(context);
  const subjects = await kernelSubjects({ ...inputs, courses: proof.courses }, image);
  const { known, toRun } = await planProofs(subjects, store);
  if (toRun.length > 0) {
    const where = (await client.isStandIn()) ? ", in stand-in kernels, which have none of its packages" : "";
    report("info", `running ${toRun.length} of ${subjects.length} notebooks on ${shortImage(image)}${where}`);
  }
  const kernels = gatewayKernels({
    client,
    spec: paths.name,
    username: smoke ? smokeUser(smoke, body.authorizedUsers) : (body.authorizedUsers[0] ?? "lectern"),
    startTimeout: (smoke?.timeout ?? START) * 1000,
    owner,
    signal: context.signal,
  });
  const { clock, signal } = context;
  const onResult = (result: ProofResult) => report("info", resultText(result));
  const ran = await runProofs(toRun, { kernels, store, clock, signal, onResult });
  return [...known, ...ran].filter(({ outcome }) => outcome === "failed");
}

/** Says in a preview what is known of a new image's notebooks, and what will be run. */
export async function announceProof(
  wanted: Planned<typeof kernelspecContract>,
  state: KernelspecState,
  context: ProviderContext,
): Promise<void> {
  const { applied } = state;
  const { proof, image, name, displayName, language } = wanted;
  if (proof === UNKNOWN || proof === undefined || image === "" || image === applied.image) return;
  const report = reporter(context, name === UNKNOWN ? applied.name : name);
  if (image === UNKNOWN || displayName === UNKNOWN || language === UNKNOWN) {
    report("info", `the notebooks of ${proof.courses.length} courses run on the new image once it is built`);
    return;
  }
  const subjects = await kernelSubjects({ displayName, language, courses: proof.courses }, image);
  if (subjects.length === 0) return;
  const plan = await planProofs(subjects, proofStore(context)).catch((error: unknown) => {
    if (!(error instanceof LecternError)) throw error;
    // The registry may answer by the time of the deployment.
    report("warning", `what is known of its ${subjects.length} notebooks can't be read: ${error.message}`);
  });
  if (!plan) return;
  const failed = plan.known.filter(({ outcome }) => outcome === "failed");
  const failure = await explainedFailure(failed, { from: applied.image, to: image }, registryClient(context));
  const text = `${plan.toRun.length} of ${subjects.length} notebooks are to run on ${shortImage(image)}`;
  if (!failure) report("info", text);
  else if (proof.mode === "require")
    report("warning", keepsText(applied.name, applied.image, failureText(failure)));
  else report("warning", `${failureText(failure)}; lectern:prove is warn, so the kernel gets the image`);
}

/** Whether an image that was held still is: the same image, and the notebooks that failed are as they were. */
export async function isStillHeld(
  { held }: KernelspecState,
  { image, proof, displayName, language }: Planned<typeof kernelspecContract>,
): Promise<boolean> {
  if (!held || image !== held.image || proof === UNKNOWN || proof?.mode !== "require") return false;
  if (displayName === UNKNOWN || language === UNKNOWN) return false;
  const subjects = await kernelSubjects({ displayName, language, courses: proof.courses }, held.image);
  const keys = new Set(subjects.map(({ key }) => key));
  return held.keys.every((key) => keys.has(key));
}
