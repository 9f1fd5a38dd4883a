import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { LecternError } from "../../problem/problem.ts";
import type { Transport } from "../hosts/transport/transport.ts";
import {
  alone,
  type Found,
  type KernelContext,
  pullEverywhere,
  putEverywhere,
  readEverywhere,
} from "./kernelspec-context.ts";
import { cleanStaging } from "./kernelspec-folder.ts";
import type { KernelspecInputs, KernelspecState } from "./kernelspec-inputs.ts";
import { readKernelspec } from "./kernelspec-patch.ts";
import { renderKernelspec } from "./kernelspec-render.ts";
import { kernelspecState } from "./kernelspec-state.ts";

/**
 * Registers a kernel: image on every host, whole folder in one rename, confirmed by the gateway.
 * What an interrupted run left is cleaned or taken over. What is taken over is registered anew: so the
 * resource that had it before, where there still is one, removes nothing when it goes.
 */
export async function createKernelspec(
  context: KernelContext,
  inputs: KernelspecInputs,
): Promise<KernelspecState> {
  await pullEverywhere(context, inputs.image, inputs.pull);
  return alone(context, async () => {
    await Promise.all(context.transports.map((transport) => cleanStaging(transport, context.place)));
    const found = await readEverywhere(context);
    await refuseTaken(context, inputs, found);
    const registration = `kernel/${inputs.name}/${randomUUID()}`;
    const bytes = Buffer.from(renderKernelspec(inputs, registration));
    await putEverywhere(context, inputs, found, new Map(context.transports.map((host) => [host, bytes])));
    const files = new Map(context.transports.map(({ host }) => [host, bytes]));
    return kernelspecState(inputs, registration, files);
  });
}

/** A folder that is there must be ours, or say the same as ours; somebody else's is refused. */
async function refuseTaken(context: KernelContext, inputs: KernelspecInputs, found: Found): Promise<void> {
  const { place } = context;
  for (const [transport, bytes] of found) {
    if (!bytes) {
      await removeIfEmpty(context, transport);
      continue;
    }
    if (!isOwn(inputs, bytes) && !saysTheSame(inputs, bytes)) throw taken(transport, place.folder);
    context.host.progress(`${transport.host}: ${place.folder} is there already and is taken over`);
  }
}

function isOwn(inputs: KernelspecInputs, bytes: Buffer): boolean {
  const read = readKernelspec(bytes);
  return read?.owner === inputs.owner && read?.registration?.startsWith(`kernel/${inputs.name}/`) === true;
}

/** A hand-made file that says what ours would say is as good as ours; another stack's never is. */
function saysTheSame(inputs: KernelspecInputs, bytes: Buffer): boolean {
  const read = readKernelspec(bytes);
  if (!read || read.registration !== undefined) return false;
  const ours = readKernelspec(Buffer.from(renderKernelspec(inputs, "")));
  return isDeepStrictEqual(withoutMark(read.spec), withoutMark(ours?.spec ?? {}));
}

function withoutMark(spec: Readonly<Record<string, unknown>>): unknown {
  const { lectern: _, ...metadata } = (spec["metadata"] ?? {}) as Record<string, unknown>;
  return { ...spec, metadata };
}

async function removeIfEmpty({ place }: KernelContext, transport: Transport): Promise<void> {
  const entries = await transport.list(place.folder);
  if (entries === undefined) return;
  if (entries.length > 0) throw taken(transport, place.folder);
  await transport.remove(place.folder);
}

function taken(transport: Transport, folder: string): LecternError {
  return new LecternError({
    code: "kernelspec-taken",
    severity: "error",
    message: `${transport.host}: ${folder} is there and was not made by this stack`,
    remedy: "Give the kernel another name, or remove that folder if nobody needs it",
  });
}
