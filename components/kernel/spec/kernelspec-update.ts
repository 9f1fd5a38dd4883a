import { shortImage } from "../../image/reference.ts";
import { LecternError } from "../../problem/problem.ts";
import { tryImage } from "../gateway/smoke.ts";
import type { Transport } from "../hosts/transport/transport.ts";
import {
  alone,
  type Found,
  type KernelContext,
  pullEverywhere,
  putEverywhere,
  readEverywhere,
} from "./kernelspec-context.ts";
import { kernelspecChange } from "./kernelspec-diff.ts";
import { removeFolder } from "./kernelspec-folder.ts";
import type { KernelspecInputs, KernelspecState } from "./kernelspec-inputs.ts";
import { patchImage, readKernelspec } from "./kernelspec-patch.ts";
import { renderKernelspec } from "./kernelspec-render.ts";
import { digestOf, kernelspecState } from "./kernelspec-state.ts";

/**
 * Brings every host to what the inputs say: the image is pulled and tried first, then the image
 * alone is patched where nothing else differs, and the gateway confirms it.
 */
export async function updateKernelspec(
  context: KernelContext,
  state: KernelspecState,
  inputs: KernelspecInputs,
): Promise<KernelspecState> {
  const { host, place } = context;
  const change = kernelspecChange(state, inputs);
  if (change.rollback === "back") return rollBack(context, state, inputs);
  await pullEverywhere(context, inputs.image, inputs.pull);
  return alone(context, async () => {
    const found = await readEverywhere(context);
    refuseForeign(context, state, found);
    const whole = change.file || change.drift || change.rollback !== undefined;
    const rendered = Buffer.from(renderKernelspec(inputs, state.registration));
    const files = new Map<Transport, Buffer>();
    const expected = new Map<string, string>();
    for (const [transport, bytes] of found) {
      const patched = whole || bytes === undefined ? undefined : patchedAlone(bytes, inputs.image);
      files.set(transport, patched ?? rendered);
      const asApplied = patched === undefined || isAsApplied(state, transport.host, bytes, inputs.image);
      if (!asApplied)
        host.progress(`${transport.host}: ${place.file} was changed by hand; only its image is replaced`);
      // The next refresh then tells what the hand changed.
      expected.set(transport.host, digestOf(asApplied ? (patched ?? rendered) : rendered));
    }
    await tryNewImage(context, inputs, found);
    await replaceBrokenFolders(context, found);
    await putEverywhere(context, inputs, found, files);
    return stateOf(inputs, state, files, expected);
  });
}

function stateOf(
  inputs: KernelspecInputs,
  state: KernelspecState,
  files: ReadonlyMap<Transport, Buffer>,
  expected: ReadonlyMap<string, string>,
): KernelspecState {
  const named = new Map([...files].map(([transport, bytes]) => [transport.host, bytes]));
  const updated = kernelspecState(inputs, state.registration, named);
  return {
    ...updated,
    applied: { ...updated.applied, files: { ...updated.applied.files, ...Object.fromEntries(expected) } },
  };
}

/** The same file with the image; undefined where it can't be patched and must be written anew. */
function patchedAlone(bytes: Buffer, image: string): Buffer | undefined {
  try {
    return patchImage(bytes, image);
  } catch {
    return undefined;
  }
}

/** Whether the file is what was applied last, or what an interrupted run of this update made of it. */
function isAsApplied(
  state: KernelspecState,
  host: string,
  bytes: Buffer | undefined,
  image: string,
): boolean {
  if (!bytes) return true;
  const applied = state.applied.files[host];
  if (digestOf(bytes) === applied) return true;
  const back = readKernelspec(bytes)?.image === image ? patchedAlone(bytes, state.applied.image) : undefined;
  return back !== undefined && digestOf(back) === applied;
}

async function tryNewImage(context: KernelContext, inputs: KernelspecInputs, found: Found): Promise<void> {
  const { client, place, host } = context;
  const { smoke, image, body } = inputs;
  const read = [...found.values()].map((bytes) => bytes && readKernelspec(bytes));
  const registered = read.every((spec) => spec !== undefined);
  if (!smoke?.enabled || !registered || read.every((spec) => spec?.image === image)) return;
  if (!client) {
    host.progress(`${place.name}: ${image} is not tried: the gateway has no url`);
    return;
  }
  await tryImage(client, { kernel: place.name, image, smoke, authorizedUsers: body.authorizedUsers }, host);
}

/** A folder that lost its kernel.json would be in the way of a whole one. */
async function replaceBrokenFolders({ place }: KernelContext, found: Found): Promise<void> {
  for (const [transport, bytes] of found) if (!bytes) await removeFolder(transport, place);
}

async function rollBack(
  context: KernelContext,
  state: KernelspecState,
  inputs: KernelspecInputs,
): Promise<KernelspecState> {
  const { place, transports, host } = context;
  return alone(context, async () => {
    const found = await readEverywhere(context);
    refuseForeign(context, state, found);
    const files = new Map<Transport, Buffer>();
    for (const transport of transports) {
      files.set(transport, await previousOf(transport, place.previous, found.get(transport), state));
    }
    for (const bytes of files.values()) refuseOtherName(inputs, bytes);
    const image = [...files.values()].map((bytes) => readKernelspec(bytes)?.image).find((text) => text);
    if (image !== undefined) await pullEverywhere(context, image, inputs.pull);
    host.progress(`${place.name}: going back to ${image ? shortImage(image) : "the previous kernel.json"}`);
    await putEverywhere(context, inputs, found, files);
    return stateOf(inputs, state, files, new Map());
  });
}

/** Courses know a kernel by its display name: going back to another would take it away from them. */
function refuseOtherName({ name, displayName }: KernelspecInputs, previous: Buffer): void {
  const before = readKernelspec(previous)?.displayName;
  if (before === undefined || before === displayName) return;
  throw new LecternError({
    code: "rollback-renames",
    severity: "error",
    path: `lectern:kernels.${name}.rollback`,
    message: `the previous kernel.json of ${name} has the display name ${JSON.stringify(before)}, and courses name ${JSON.stringify(displayName)}`,
    remedy: "Put the image that it had into kernel.yaml instead",
  });
}

async function previousOf(
  transport: Transport,
  path: string,
  current: Buffer | undefined,
  state: KernelspecState,
): Promise<Buffer> {
  const previous = await transport.read(path);
  const read = previous && readKernelspec(previous);
  // The file of a resource that had this folder before would be taken for somebody else's.
  const isForeign = read?.registration !== undefined && read.registration !== state.registration;
  if (!previous || !read || isForeign) throw nothingBefore(transport, path);
  // An interrupted run went back on this host already: what was applied last is the previous one now.
  const applied = state.applied.files[transport.host];
  const isBack = current && digestOf(current) !== applied && digestOf(previous) === applied;
  return isBack ? current : previous;
}

function refuseForeign({ place }: KernelContext, state: KernelspecState, found: Found): void {
  for (const [transport, bytes] of found) {
    const read = bytes && readKernelspec(bytes);
    if (read?.registration === undefined || read.registration === state.registration) continue;
    throw new LecternError({
      code: "kernelspec-taken",
      severity: "error",
      message: `${transport.host}: ${place.folder} was registered anew by ${read.owner ?? "another stack"}`,
      remedy: "Let one stack have this kernel's name, and remove the kernel from the other",
    });
  }
}

function nothingBefore(transport: Transport, path: string): LecternError {
  return new LecternError({
    code: "nothing-to-roll-back",
    severity: "error",
    message: `${transport.host}: there is no readable ${path} to go back to`,
    remedy: "Take `rollback` out of lectern:kernels, and set the image that you want",
  });
}
