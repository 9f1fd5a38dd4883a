import { LecternError } from "../../../problem/problem.ts";
import type { Transport } from "../../hosts/transport/transport.ts";
import { newRegistration } from "../../registration.ts";
import { type ReadKernelspec, readKernelspec } from "../file/kernelspec-patch.ts";
import type { KernelspecInputs, KernelspecState } from "../kernelspec-contract.ts";
import { appliedState } from "../kernelspec-state.ts";
import { digestOfSecrets } from "../secret-variables.ts";
import { nothingToAdopt } from "./adoption.ts";
import { cleanStaging } from "./kernelspec-folder.ts";
import {
  alone,
  type Found,
  type KernelTarget,
  pullEverywhere,
  putEverywhere,
  readEverywhere,
  renderFor,
} from "./kernelspec-target.ts";
import { tryFirst } from "./kernelspec-trial.ts";
import { bringScripts } from "./launch-scripts.ts";
import { hasSameMeaning, mayTakeOver, ownerOf } from "./ownership.ts";

/**
 * Registers a kernel: image on every host, tried through the gateway, whole folder in one rename, confirmed by
 * the gateway.
 * What an interrupted run left is cleaned or taken over. What is taken over gets a new
 * registration, so that the resource that had it before, if there still is one, removes nothing when it
 * is deleted.
 */
export async function createKernelspec(
  target: KernelTarget,
  inputs: KernelspecInputs,
): Promise<KernelspecState> {
  await pullEverywhere(target, inputs.image, inputs);
  return alone(target, async () => {
    await Promise.all(target.transports.map((transport) => cleanStaging(transport, target.paths)));
    const found = await readEverywhere(target);
    const repository = await target.repository();
    await refuseTaken(target, inputs, found, repository);
    const isThere = [...found.values()].some((bytes) => bytes !== undefined);
    if (inputs.adopt && !isThere) throw nothingToAdopt(target);
    const registration = newRegistration(inputs.name, inputs.adopt);
    const bytes = renderFor(target, inputs, registration, repository);
    const files = new Map(target.transports.map((host) => [host, bytes]));
    // What only gets the mark of its owner starts as before.
    const isKept = isThere && [...found.values()].every((there) => there && hasSameMeaning(there, bytes));
    if (!isKept) await tryFirst(target, inputs, found, files);
    for (const [host, there] of found) if (there) await bringScripts(host, target.paths, inputs.body);
    await putEverywhere(target, inputs, found, files);
    const written = new Map([...files].map(([{ host }]) => [host, bytes]));
    return appliedState(inputs, registration, written, digestOfSecrets(target.secrets));
  });
}

/** An existing folder must be ours, or hold the same as ours; any other is refused. */
async function refuseTaken(
  target: KernelTarget,
  inputs: KernelspecInputs,
  found: Found,
  repository: string | undefined,
): Promise<void> {
  const { paths } = target;
  const wanted = readKernelspec(renderFor(target, inputs, "", repository));
  for (const [transport, bytes] of found) {
    if (!bytes) {
      await removeIfEmpty(target, transport);
      continue;
    }
    const there = readKernelspec(bytes);
    if (!there || !wanted || !mayTakeOver(inputs, repository, there, wanted)) {
      throw taken(transport, paths.folder, inputs.name, there);
    }
    const message = `${transport.host}: ${paths.folder} already exists and is taken over`;
    target.context.report({ severity: "info", message });
  }
}

async function removeIfEmpty({ paths }: KernelTarget, transport: Transport): Promise<void> {
  const entries = await transport.list(paths.folder);
  if (entries === undefined) return;
  if (entries.length > 0) throw taken(transport, paths.folder, paths.name);
  await transport.remove(paths.folder);
}

function taken(transport: Transport, folder: string, name: string, there?: ReadKernelspec): LecternError {
  const whose =
    there?.registration === undefined ? "was not created by this stack" : `belongs to ${ownerOf(there)}`;
  return new LecternError({
    code: "kernelspec-taken",
    severity: "error",
    message: `${transport.host}: ${folder} already exists and ${whose}`,
    remedy:
      there && there.registration === undefined
        ? `To take it over, import it with \`lectern import gateway\`, which sets \`adopt: true\` for ${name} in lectern:kernels. Or give the kernel another name`
        : "Give the kernel another name, or remove that folder if it is not needed",
  });
}
