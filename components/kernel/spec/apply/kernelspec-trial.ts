import { posix } from "node:path";
import { LecternError } from "../../../problem/problem.ts";
import { smokeUser, tryKernel } from "../../gateway/smoke.ts";
import type { Transport } from "../../hosts/transport/transport.ts";
import { readKernelspec } from "../file/kernelspec-patch.ts";
import { renderTrial } from "../file/trial-spec.ts";
import type { KernelspecInputs } from "../kernelspec-contract.ts";
import { cleanStaging, moveIn, nudge, removeFolder, stageFolder } from "./kernelspec-folder.ts";
import type { Found, KernelTarget } from "./kernelspec-target.ts";
import { verifyKernelspec } from "./kernelspec-verify.ts";
import type { SpecPaths } from "./spec-paths.ts";

/**
 * Has a kernel run a cell through its gateway as it will be, before a student can start it so. Where only its
 * image changes, the registered spec is started on the other image, and no host is touched. Anything else is
 * tried apart: in a folder of its own on every host, which only the trial's user may start.
 * @param files each host's kernel.json as it will be
 * @throws {LecternError} where it does not work; the hosts then have what they had
 */
export async function tryFirst(
  target: KernelTarget,
  inputs: KernelspecInputs,
  found: Found,
  files: ReadonlyMap<Transport, Buffer>,
): Promise<void> {
  const { client, paths, context } = target;
  const isNew = [...found.values()].every((bytes) => bytes === undefined);
  const changed = [...files].filter(([host, bytes]) => isNew || isChanged(found.get(host), bytes));
  if (!inputs.smoke?.enabled || changed.length === 0) return;
  if (!client) {
    const message = "the kernel is not tried: the gateway has no url";
    context.report({ severity: "info", resource: paths.name, message });
    return;
  }
  const image = imageIn(files);
  const trial = {
    kernel: paths.name,
    image,
    smoke: inputs.smoke,
    username: smokeUser(inputs.smoke, inputs.body.authorizedUsers),
    otherwise: isNew ? "nothing is installed" : "kernel.json stays as it was",
  };
  const onlyImage = changed.every(([host, bytes]) => differsInImage(found.get(host), bytes));
  if (!isNew && image !== "" && onlyImage) {
    return tryKernel(client, { ...trial, spec: paths.name, otherImage: image }, context);
  }
  const apart = trialPaths(paths);
  try {
    const expected = await prepare(target, apart, inputs, files, trial.username);
    await verifyKernelspec(client, apart.name, expected, context, async () => {
      await Promise.all(target.transports.map((host) => nudge(host, apart)));
    });
    await tryKernel(client, { ...trial, spec: apart.name }, context);
  } finally {
    await removeTrials(target);
  }
}

/** Removes what a trial has left on a host; nothing where there is none. */
export async function removeTrial(host: Transport, paths: SpecPaths): Promise<void> {
  const apart = trialPaths(paths);
  await cleanStaging(host, apart);
  await removeFolder(host, apart);
}

/** Where a kernel is tried apart: under a name of its own, as a gateway knows kernels by their folders. */
function trialPaths(paths: SpecPaths): SpecPaths {
  const name = `lectern-trial-${paths.name}`;
  const folder = posix.join(paths.specsFolder, name);
  return { ...paths, name, folder, file: posix.join(folder, "kernel.json") };
}

async function prepare(
  target: KernelTarget,
  apart: SpecPaths,
  { body }: KernelspecInputs,
  files: ReadonlyMap<Transport, Buffer>,
  username: string,
): Promise<Readonly<Record<string, unknown>>[]> {
  const specs: Readonly<Record<string, unknown>>[] = [];
  for (const [host, bytes] of files) {
    const spec = renderTrial(bytes, username);
    try {
      await removeTrial(host, target.paths);
      await moveIn(host, await stageFolder(host, apart, Buffer.from(spec), body), apart);
    } catch (error) {
      throw notPrepared(target.paths.name, host, apart.folder, error);
    }
    specs.push(JSON.parse(spec));
  }
  return specs;
}

async function removeTrials({ transports, paths, context }: KernelTarget): Promise<void> {
  for (const host of transports) {
    await removeTrial(host, paths).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      const message = `${host.host}: the folder of the kernel's trial could not be removed: ${why}`;
      context.report({ severity: "warning", resource: paths.name, message });
    });
  }
}

/** A host that has no file yet gets what the others have, which is no other kernel. */
function isChanged(before: Buffer | undefined, after: Buffer): boolean {
  return before !== undefined && !before.equals(after);
}

function differsInImage(before: Buffer | undefined, after: Buffer): boolean {
  const [one, other] = [before && readKernelspec(before), readKernelspec(after)];
  if (!one?.image || !other?.image || one.image === other.image) return false;
  return (
    before?.toString().replace(JSON.stringify(one.image), JSON.stringify(other.image)) === after.toString()
  );
}

function imageIn(files: ReadonlyMap<Transport, Buffer>): string {
  return [...files.values()].map((bytes) => readKernelspec(bytes)?.image).find((image) => image) ?? "";
}

function notPrepared(kernel: string, { host }: Transport, folder: string, error: unknown): LecternError {
  const known = error instanceof LecternError ? error.problems[0] : undefined;
  const why = known?.message ?? (error instanceof Error ? error.message : String(error));
  return new LecternError({
    code: "trial-not-prepared",
    severity: "error",
    message: `kernel ${kernel}: ${host}: ${folder}, in which it is tried, can't be made: ${why}; nothing else was changed`,
    remedy: known?.remedy ?? "Fix the cause, then run again",
  });
}
