import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../../json.ts";
import { LecternError } from "../../../problem/problem.ts";
import type { Planned } from "../../../resource/contract.ts";
import { meaningOf } from "../file/kernelspec-meaning.ts";
import { readKernelspec } from "../file/kernelspec-patch.ts";
import { kernelspecContract } from "../kernelspec-contract.ts";
import { type KernelTarget, readEverywhere, renderFor } from "./kernelspec-target.ts";

/**
 * Says in the plan that a kernel is adopted, and what of its kernel.json the adoption changes.
 * @throws {LecternError} where no host has it
 */
export async function announceAdoption(
  target: KernelTarget,
  wanted: Planned<typeof kernelspecContract>,
): Promise<void> {
  const { paths, context } = target;
  const found = await readEverywhere(target);
  const there = [...found].flatMap(([{ host }, bytes]) => (bytes ? [{ host, bytes }] : []));
  if (there.length === 0) throw nothingToAdopt(target);
  const rendered = renderedOf(target, wanted);
  for (const { host, bytes } of there) {
    const changes = rendered === undefined ? [] : changedParts(bytes, rendered);
    const how = changes.length === 0 ? "as it is" : `with another ${changes.join(", ")}`;
    const message = `adopts ${paths.folder} of ${host} ${how}; the gateway is not restarted for it`;
    context.report({ severity: "info", resource: paths.name, message });
    const lost = rendered === undefined ? [] : lostVariables(bytes, rendered);
    if (lost.length === 0) continue;
    const loss = `${host}: kernels of ${paths.name} will no longer have ${lost.join(", ")}. To keep them, add them to env in kernel.yaml; secrets belong into lectern:kernelSecrets`;
    context.report({ severity: "warning", resource: paths.name, message: loss });
  }
}

/** Variables that kernels have had, and would have no more. */
function lostVariables(before: Buffer, after: Buffer): string[] {
  const [had, has] = [before, after].map((bytes) => meaningOf(readKernelspec(bytes)?.spec ?? {})["env"]);
  return isObject(had) ? Object.keys(had).filter((name) => !isObject(has) || !Object.hasOwn(has, name)) : [];
}

/** A kernel that is to be adopted, and that no host has. */
export const nothingToAdopt = ({ paths, transports }: KernelTarget) =>
  new LecternError({
    code: "nothing-to-adopt",
    severity: "error",
    path: `lectern:kernels.${paths.name}.adopt`,
    message: `${transports.map(({ host }) => host).join(", ")}: there is no ${paths.file} to adopt`,
    remedy: "Remove `adopt`, so that the kernel is created, or correct the folder's name or `specsFolder`",
  });

/** Undefined where the plan does not know all of it yet. */
function renderedOf(target: KernelTarget, wanted: Planned<typeof kernelspecContract>): Buffer | undefined {
  const known = kernelspecContract.inputs.safeParse({ ...wanted, usedBy: [], unmet: undefined });
  return known.success ? renderFor(target, known.data, "", undefined) : undefined;
}

/** The parts of a kernel.json whose meanings differ. */
function changedParts(before: Buffer, after: Buffer): string[] {
  const [one, other] = [partsOf(before), partsOf(after)];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((part) => !isDeepStrictEqual(one[part], other[part]))
    .sort();
}

function partsOf(bytes: Buffer): JsonObject {
  const { metadata, ...spec } = meaningOf(readKernelspec(bytes)?.spec ?? {});
  const parts = isObject(metadata) ? Object.entries(metadata) : [];
  return { ...spec, ...Object.fromEntries(parts.map(([key, part]) => [`metadata.${key}`, part])) };
}
