import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { type Transport, TransportError } from "../../hosts/transport/transport.ts";
import type { KernelspecBody } from "../kernelspec-contract.ts";
import { bringScripts } from "./launch-scripts.ts";
import type { SpecPaths } from "./spec-paths.ts";

/** Writes a kernel's whole folder where the gateway doesn't look; answers its path. */
export async function stageFolder(
  host: Transport,
  paths: SpecPaths,
  kernelJson: Buffer,
  body: KernelspecBody,
): Promise<string> {
  const staged = posix.join(paths.staging, `new-${paths.name}-${randomUUID()}`);
  await host.makeFolder(staged);
  await bringScripts(host, paths, body, staged);
  await host.writeAtomically(posix.join(staged, "kernel.json"), kernelJson);
  return staged;
}

/** Makes a staged folder the kernel's, in one rename. */
export async function moveIn(host: Transport, staged: string, paths: SpecPaths): Promise<void> {
  try {
    await host.makeFolder(paths.specsFolder);
    await host.rename(staged, paths.folder);
  } catch (error) {
    await host.remove(staged).catch(() => {});
    throw error;
  }
}

/** Takes a kernel's folder away in one rename, then removes it. */
export async function removeFolder(host: Transport, paths: SpecPaths): Promise<void> {
  const trash = posix.join(paths.staging, `trash-${paths.name}-${randomUUID()}`);
  await host.makeFolder(paths.staging);
  try {
    await host.rename(paths.folder, trash);
  } catch (error) {
    if (error instanceof TransportError && error.reason === "missing") return;
    throw error;
  }
  await host.remove(trash);
}

/** Removes what an interrupted run left of this kernel where folders are prepared. */
export async function cleanStaging(host: Transport, paths: SpecPaths): Promise<void> {
  const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  const pattern = new RegExp(`^(?:new|trash)-(.+)-${uuid}$|^nudge-(.+)-${uuid}$`);
  for (const entry of (await host.list(paths.staging)) ?? []) {
    const [, folder, file] = pattern.exec(entry) ?? [];
    if ((folder ?? file) === paths.name) await host.remove(posix.join(paths.staging, entry));
  }
}

/**
 * Brings the same kernel.json again, from outside of the specs folder: that is the one way in which
 * a caching gateway is certain to notice a changed file.
 */
export async function nudge(host: Transport, paths: SpecPaths): Promise<void> {
  const kernelJson = await host.read(paths.file);
  if (!kernelJson) return;
  const copy = posix.join(paths.staging, `nudge-${paths.name}-${randomUUID()}`);
  await host.makeFolder(paths.staging);
  await host.writeAtomically(copy, kernelJson);
  // A rename over the file; both are on one file system.
  await host.run(["mv", "-f", "-T", "--", copy, paths.file]);
  await host.remove(copy);
}
