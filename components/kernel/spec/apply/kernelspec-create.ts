import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { LecternError } from "../../../problem/problem.ts";
import type { Transport } from "../../hosts/transport/transport.ts";
import { readKernelspec } from "../file/kernelspec-patch.ts";
import { renderKernelspec } from "../file/kernelspec-render.ts";
import type { KernelspecInputs, KernelspecState } from "../kernelspec-contract.ts";
import { appliedState } from "../kernelspec-state.ts";
import { cleanStaging } from "./kernelspec-folder.ts";
import {
  alone,
  type Found,
  type KernelTarget,
  pullEverywhere,
  putEverywhere,
  readEverywhere,
} from "./kernelspec-target.ts";
import { tryFirst } from "./kernelspec-trial.ts";

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
    await refuseTaken(target, inputs, found);
    const registration = `kernel/${inputs.name}/${randomUUID()}`;
    const bytes = Buffer.from(renderKernelspec(inputs, registration));
    const files = new Map(target.transports.map((host) => [host, bytes]));
    await tryFirst(target, inputs, found, files);
    await putEverywhere(target, inputs, found, files);
    return appliedState(inputs, registration, new Map([...files].map(([{ host }]) => [host, bytes])));
  });
}

/** An existing folder must be ours, or hold the same as ours; any other is refused. */
async function refuseTaken(target: KernelTarget, inputs: KernelspecInputs, found: Found): Promise<void> {
  const { paths } = target;
  for (const [transport, bytes] of found) {
    if (!bytes) {
      await removeIfEmpty(target, transport);
      continue;
    }
    if (!isOwn(inputs, bytes) && !hasSameContent(inputs, bytes)) throw taken(transport, paths.folder);
    const message = `${transport.host}: ${paths.folder} already exists and is taken over`;
    target.context.report({ severity: "info", message });
  }
}

function isOwn(inputs: KernelspecInputs, bytes: Buffer): boolean {
  const read = readKernelspec(bytes);
  return read?.owner === inputs.owner && read?.registration?.startsWith(`kernel/${inputs.name}/`) === true;
}

/** A file written by hand with the same content is as good as ours; another stack's never is. */
function hasSameContent(inputs: KernelspecInputs, bytes: Buffer): boolean {
  const read = readKernelspec(bytes);
  if (!read || read.registration !== undefined) return false;
  const ours = readKernelspec(Buffer.from(renderKernelspec(inputs, "")));
  return isDeepStrictEqual(withoutMark(read.spec), withoutMark(ours?.spec ?? {}));
}

function withoutMark(spec: Readonly<Record<string, unknown>>): unknown {
  const { lectern: _, ...metadata } = (spec["metadata"] ?? {}) as Record<string, unknown>;
  return { ...spec, metadata };
}

async function removeIfEmpty({ paths }: KernelTarget, transport: Transport): Promise<void> {
  const entries = await transport.list(paths.folder);
  if (entries === undefined) return;
  if (entries.length > 0) throw taken(transport, paths.folder);
  await transport.remove(paths.folder);
}

function taken(transport: Transport, folder: string): LecternError {
  return new LecternError({
    code: "kernelspec-taken",
    severity: "error",
    message: `${transport.host}: ${folder} already exists and was not created by this stack`,
    remedy: "Give the kernel another name, or remove that folder if it is not needed",
  });
}
