import { shortImage } from "../../../image/reference.ts";
import { LecternError } from "../../../problem/problem.ts";
import type { Transport } from "../../hosts/transport/transport.ts";
import { patchImage, readKernelspec } from "../file/kernelspec-patch.ts";
import type { KernelspecInputs, KernelspecState } from "../kernelspec-contract.ts";
import { kernelspecChange } from "../kernelspec-diff.ts";
import { appliedState, digestOf } from "../kernelspec-state.ts";
import { digestOfSecrets } from "../secret-variables.ts";
import { removeFolder } from "./kernelspec-folder.ts";
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
import { refuseForeign } from "./ownership.ts";

/**
 * Brings every host to the inputs, where the notebooks of the kernel's courses run on its image; else the kernel keeps
 * the image that it has, and gets the rest.
 */
export async function updateKernelspec(
  target: KernelTarget,
  state: KernelspecState,
  inputs: KernelspecInputs,
): Promise<KernelspecState> {
  const { held: before, ...current } = state;
  if (!before && !inputs.proof) return bring(target, state, inputs);
  // What proves notebooks is loaded only where there are some.
  const { isStillHeld, proveKernel } = await import("./kernelspec-proof.ts");
  if (before && (await isStillHeld(state, inputs)))
    return { ...(await bring(target, current, withImage(inputs, state.applied.image))), held: before };
  const isNew = !inputs.rollback && inputs.image !== state.applied.image;
  if (isNew && inputs.proof) await pullEverywhere(target, inputs.image, inputs);
  const held = isNew ? await proveKernel(target, state, inputs) : undefined;
  if (!held) return bring(target, current, inputs);
  return { ...(await bring(target, current, withImage(inputs, state.applied.image))), held };
}

const withImage = (inputs: KernelspecInputs, image: string): KernelspecInputs => ({ ...inputs, image });

/**
 * Brings every host to the inputs: the image is pulled and the kernel tried first, then the image alone is
 * patched where nothing else differs, and the gateway confirms it.
 */
async function bring(
  target: KernelTarget,
  state: KernelspecState,
  inputs: KernelspecInputs,
): Promise<KernelspecState> {
  const { context, paths } = target;
  const change = kernelspecChange(state, inputs, digestOfSecrets(target.secrets));
  if (change.rollback === "back") return rollBack(target, state, inputs);
  await pullEverywhere(target, inputs.image, inputs);
  return alone(target, async () => {
    const found = await readEverywhere(target);
    refuseForeign(target, state.registration, found);
    const whole = change.file || change.drift || change.rollback !== undefined;
    const rendered = renderFor(target, inputs, state.registration, await target.repository());
    const files = new Map<Transport, Buffer>();
    const expected = new Map<string, string>();
    for (const [transport, bytes] of found) {
      const patched = whole || bytes === undefined ? undefined : patchedAlone(bytes, inputs.image);
      files.set(transport, patched ?? rendered);
      const asApplied = patched === undefined || isAsApplied(state, transport.host, bytes, inputs.image);
      if (!asApplied) {
        const message = `${transport.host}: ${paths.file} was changed by hand; only its image is replaced`;
        context.report({ severity: "info", message });
      }
      // The next refresh then shows the change that was made by hand.
      expected.set(transport.host, digestOf(asApplied ? (patched ?? rendered) : rendered));
    }
    // Before the trial: an upgraded gateway starts kernels with its new scripts only.
    for (const [transport, bytes] of found) if (bytes) await bringScripts(transport, paths, inputs.body);
    await tryFirst(target, inputs, found, files);
    await replaceBrokenFolders(target, found);
    await putEverywhere(target, inputs, found, files);
    return stateOf(target, inputs, state, files, expected);
  });
}

function stateOf(
  { secrets }: KernelTarget,
  inputs: KernelspecInputs,
  state: KernelspecState,
  files: ReadonlyMap<Transport, Buffer>,
  expected: ReadonlyMap<string, string>,
): KernelspecState {
  const named = new Map([...files].map(([transport, bytes]) => [transport.host, bytes]));
  const updated = appliedState(inputs, state.registration, named, digestOfSecrets(secrets));
  return {
    ...updated,
    applied: { ...updated.applied, files: { ...updated.applied.files, ...Object.fromEntries(expected) } },
  };
}

/** The same file with the image; undefined where it can't be patched and must be written again. */
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

/** A folder that lost its kernel.json would be in the way of a whole one. */
async function replaceBrokenFolders({ paths }: KernelTarget, found: Found): Promise<void> {
  for (const [transport, bytes] of found) if (!bytes) await removeFolder(transport, paths);
}

async function rollBack(
  target: KernelTarget,
  state: KernelspecState,
  inputs: KernelspecInputs,
): Promise<KernelspecState> {
  const { paths, transports, context } = target;
  return alone(target, async () => {
    const found = await readEverywhere(target);
    refuseForeign(target, state.registration, found);
    const files = new Map<Transport, Buffer>();
    for (const transport of transports) {
      files.set(transport, await previousOf(transport, paths.previous, found.get(transport), state));
    }
    for (const bytes of files.values()) refuseOtherName(inputs, bytes);
    const image = [...files.values()].map((bytes) => readKernelspec(bytes)?.image).find((text) => text);
    if (image !== undefined) await pullEverywhere(target, image, inputs);
    const message = `going back to ${image ? shortImage(image) : "the previous kernel.json"}`;
    context.report({ severity: "info", resource: paths.name, message });
    await tryFirst(target, inputs, found, files);
    await putEverywhere(target, inputs, found, files);
    return stateOf(target, inputs, state, files, new Map());
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
    remedy: "Set the image that it had in kernel.yaml instead",
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
  // The file of a resource that had this folder before would be taken for another owner's.
  const isForeign = read?.registration !== undefined && read.registration !== state.registration;
  if (!previous || !read || isForeign) throw nothingBefore(transport, path, "is missing or unreadable");
  // An interrupted run went back on this host already: what was applied last is the previous one now.
  const applied = state.applied.files[transport.host];
  const isBack = current && digestOf(current) !== applied && digestOf(previous) === applied;
  if (isBack) return current;
  if (current?.equals(previous))
    throw nothingBefore(transport, path, "is the same as the current kernel.json");
  return previous;
}

function nothingBefore(transport: Transport, path: string, why: string): LecternError {
  return new LecternError({
    code: "nothing-to-roll-back",
    severity: "error",
    message: `${transport.host}: there is nothing to go back to: ${path} ${why}`,
    remedy: "Remove `rollback` from lectern:kernels, and set the image that you want",
  });
}
