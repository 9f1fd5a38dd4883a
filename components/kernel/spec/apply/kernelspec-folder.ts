import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { LecternError } from "../../../problem/problem.ts";
import { type Transport, TransportError } from "../../hosts/transport/transport.ts";
import type { Launcher } from "../file/launcher.ts";
import type { GatewayPlace } from "../kernelspec-contract.ts";

/** Where one kernel is on its gateway's hosts. */
export interface SpecPaths {
  readonly name: string;
  readonly specsFolder: string;
  readonly folder: string;
  readonly file: string;
  /** The kernel.json before the current one. */
  readonly previous: string;
  /** What was there before the last write: where that has to be undone, it is the previous one again. */
  readonly older: string;
  /**
   * Where folders are prepared and thrown away. Not below the specs folder: a gateway would list
   * what is in preparation, and one that caches kernelspecs stops watching when a folder is moved
   * within what it watches.
   */
  readonly staging: string;
  readonly scripts?: string | undefined;
}

/** Where a gateway's hosts keep the kernel of that name. */
export function specPaths(gateway: GatewayPlace, name: string): SpecPaths {
  const { specsFolder } = gateway;
  const folder = posix.join(specsFolder, name);
  const beside = posix.join(posix.dirname(specsFolder), `.lectern-${posix.basename(specsFolder)}`);
  return {
    name,
    specsFolder,
    folder,
    file: posix.join(folder, "kernel.json"),
    previous: posix.join(folder, "kernel.json.previous"),
    older: posix.join(folder, "kernel.json.older"),
    staging: gateway.stagingFolder ?? beside,
    scripts: gateway.scriptsFolder,
  };
}

/** Writes a kernel's whole folder where the gateway doesn't look; answers its path. */
export async function stageFolder(
  host: Transport,
  paths: SpecPaths,
  kernelJson: Buffer,
  launcher: Launcher | undefined,
): Promise<string> {
  const staged = posix.join(paths.staging, `new-${paths.name}-${randomUUID()}`);
  await host.makeFolder(staged);
  if (launcher) await copyScripts(host, paths, launcher, posix.join(staged, "scripts"));
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

async function copyScripts(
  host: Transport,
  paths: SpecPaths,
  { script, origin }: Launcher,
  target: string,
): Promise<void> {
  const source = paths.scripts ?? posix.join(paths.specsFolder, origin);
  if (!(await host.list(source))?.includes(script)) {
    throw new LecternError({
      code: "missing-launcher",
      severity: "error",
      message: `${host.host}: ${source} has no ${script}, which starts kernels of this backend`,
      remedy: "Name the folder of the gateway's launch scripts in `scriptsFolder` of lectern:gateways",
    });
  }
  const copied = await host.run(["cp", "-R", "-L", "--", source, target]);
  if (copied.code === 0) return;
  throw new LecternError({
    code: "launcher-not-copied",
    severity: "error",
    message: `${host.host}: copying ${source} failed with exit code ${copied.code}: ${copied.stderr.trim()}`,
    remedy: "Give the deployment's user read access to that folder",
  });
}
