import {
  announceProof,
  type ImageProof,
  isStillHeldBy,
  proveImage,
  type StartedRunner,
} from "../../../proof/image-proof.ts";
import { type KernelNotebooks, kernelSubjects } from "../../../proof/kernel-proof.ts";
import { keepsText } from "../../../proof/result/failure-text.ts";
import { gatewayKernels } from "../../../proof/run/gateway-kernels.ts";
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
export async function proveKernel(
  target: KernelTarget,
  { applied }: KernelspecState,
  inputs: KernelspecInputs,
): Promise<Held | undefined> {
  const { image, proof } = inputs;
  const { context, client, paths } = target;
  if (!proof || image === "" || image === applied.image) return undefined;
  if (!client) {
    const message = "its notebooks are not proven: the gateway has no url";
    context.report({ severity: "warning", resource: paths.name, message });
    return undefined;
  }
  const notebooks = { ...inputs, courses: proof.courses };
  const kernel = { name: paths.name, mode: proof.mode, notebooks, from: applied.image, to: image, context };
  return proveImage(proofOfKernel(kernel), () => startKernels(target, inputs, client));
}

/** Says in a preview what is known of a new image's notebooks, and what will be run. */
export async function announceKernel(
  wanted: Planned<typeof kernelspecContract>,
  { applied }: KernelspecState,
  context: ProviderContext,
): Promise<void> {
  const { proof, image, displayName, language } = wanted;
  if (proof === UNKNOWN || proof === undefined || image === "" || image === applied.image) return;
  const name = wanted.name === UNKNOWN ? applied.name : wanted.name;
  if (image === UNKNOWN || displayName === UNKNOWN || language === UNKNOWN) {
    const message = `the notebooks of ${proof.courses.length} courses run on the new image once it is built`;
    context.report({ severity: "info", resource: name, message });
    return;
  }
  const notebooks = { displayName, language, courses: proof.courses };
  const kernel = { name, mode: proof.mode, notebooks, from: applied.image, to: image, context };
  await announceProof(proofOfKernel(kernel));
}

/** A kernel that is to get an image. */
interface KernelOnImage {
  readonly name: string;
  readonly mode: ImageProof["mode"];
  readonly notebooks: KernelNotebooks;
  readonly from: string;
  readonly to: string;
  readonly context: ProviderContext;
}

const proofOfKernel = ({ name, mode, notebooks, from, to, context }: KernelOnImage): ImageProof => ({
  mode,
  context,
  resource: name,
  images: { from, to },
  subjects: () => kernelSubjects(notebooks, to),
  heldText: (reason) => keepsText(name, from, reason),
  otherwise: "the kernel gets the image",
});

async function startKernels(
  { context, paths }: KernelTarget,
  { smoke, body, owner = "lectern" }: KernelspecInputs,
  client: NonNullable<KernelTarget["client"]>,
): Promise<StartedRunner> {
  const kernels = gatewayKernels({
    client,
    spec: paths.name,
    username: smoke ? smokeUser(smoke, body.authorizedUsers) : (body.authorizedUsers[0] ?? "lectern"),
    startTimeout: (smoke?.timeout ?? START) * 1000,
    owner,
    signal: context.signal,
  });
  const where = (await client.isStandIn()) ? ", in stand-in kernels, which have none of its packages" : "";
  return { kernels, where };
}

/** Says of an image that is still held why, since nothing is run that would say it. */
export function announceHold({ held, applied }: KernelspecState, context: ProviderContext): void {
  if (!held) return;
  const message = keepsText(applied.name, applied.image, held.reason);
  context.report({ severity: "warning", resource: applied.name, message });
}

/** Whether an image that was held still is: the same image, and the notebooks that failed are as they were. */
export async function isStillHeld(
  { held }: KernelspecState,
  { image, proof, displayName, language }: Planned<typeof kernelspecContract>,
): Promise<boolean> {
  if (!held || image !== held.image || proof === UNKNOWN || proof?.mode !== "require") return false;
  if (displayName === UNKNOWN || language === UNKNOWN) return false;
  const subjects = await kernelSubjects({ displayName, language, courses: proof.courses }, held.image);
  return isStillHeldBy(subjects, held.keys);
}
