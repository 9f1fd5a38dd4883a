import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import type { Transport } from "../../hosts/transport/transport.ts";
import { launcherOf, needsLimitsScript } from "../file/kernelspec-render.ts";
import { type Launcher, LIMITS_SCRIPT } from "../file/launcher.ts";
import type { KernelspecBody } from "../kernelspec-contract.ts";
import type { SpecPaths } from "./spec-paths.ts";

const SCRIPTS = "scripts";

/**
 * Makes the scripts of a kernel's folder those that its gateway has now: another backend, or a gateway that was
 * upgraded, needs others. Each file is replaced in one step, so a kernel that starts meanwhile finds a whole one; one
 * that is needed no longer stays, for a rollback.
 * @param folder the kernel's folder, or one that is in preparation
 * @throws {LecternError} where the host has no launcher of the backend
 */
export async function bringScripts(
  host: Transport,
  paths: SpecPaths,
  body: KernelspecBody,
  folder = paths.folder,
): Promise<void> {
  const launcher = launcherOf(body);
  if (!launcher) return;
  const target = posix.join(folder, SCRIPTS);
  const { source, stale } = await compareScripts(host, paths, launcher, target);
  for (const name of stale) {
    const content = await host.read(posix.join(source, name));
    // One that was removed meanwhile is no part of the gateway any more.
    if (content) await put(host, posix.join(target, name), content);
  }
  if (!needsLimitsScript(body)) return;
  const own = await readFile(new URL(`../file/${LIMITS_SCRIPT}`, import.meta.url));
  const path = posix.join(target, LIMITS_SCRIPT);
  if (!(await host.read(path))?.equals(own)) await put(host, path, own);
}

/**
 * Whether a kernel's scripts are no longer those that it needs; those of a gateway that has none to compare with count
 * as right.
 */
export async function hasStaleScripts(
  host: Transport,
  paths: SpecPaths,
  body: KernelspecBody,
): Promise<boolean> {
  const launcher = launcherOf(body);
  if (!launcher) return false;
  const target = posix.join(paths.folder, SCRIPTS);
  const { sums, stale } = await sumsOf(host, sourceOf(paths, launcher), target);
  if (sums.has(launcher.script) && stale.length > 0) return true;
  return needsLimitsScript(body) && !(await host.read(posix.join(target, LIMITS_SCRIPT)));
}

async function compareScripts(host: Transport, paths: SpecPaths, launcher: Launcher, target: string) {
  const source = sourceOf(paths, launcher);
  const { sums, stale } = await sumsOf(host, source, target);
  if (sums.has(launcher.script)) return { source, stale };
  throw missingLauncher(host.host, source, launcher);
}

/** The folder of a gateway's own launch scripts on its hosts. */
function sourceOf({ scripts, specsFolder }: SpecPaths, { origin }: Launcher): string {
  return scripts ?? posix.join(specsFolder, origin);
}

/** What is wrong on a host with the launcher that a kernel's backend needs. */
export async function launcherProblems(
  host: Transport,
  paths: SpecPaths,
  body: KernelspecBody,
): Promise<Problem[]> {
  const launcher = launcherOf(body);
  if (!launcher) return [];
  const source = sourceOf(paths, launcher);
  const found = await host.read(posix.join(source, launcher.script));
  return found ? [] : [...missingLauncher(host.host, source, launcher).problems];
}

function missingLauncher(host: string, source: string, { script }: Launcher): LecternError {
  return new LecternError({
    code: "missing-launcher",
    severity: "error",
    message: `${host}: ${source} has no readable ${script}, which starts kernels of this backend`,
    remedy:
      "Install the gateway's kernelspecs there (its package on PyPI has none), or set `scriptsFolder` of lectern:gateways to the folder that has the script",
  });
}

/** The files below `source` by their relative names, and which of them `target` doesn't have alike: one round trip. */
async function sumsOf(host: Transport, source: string, target: string) {
  const found = await host.run(["find", "-L", source, target, "-type", "f", "-exec", "cksum", "{}", "+"]);
  const all = new Map(
    found.stdout.split("\n").flatMap((line) => {
      const [, sum = "", path = ""] = /^(\d+ \d+) (.+)$/.exec(line) ?? [];
      return path === "" ? [] : [[path, sum] as const];
    }),
  );
  const sums = below(source, all);
  const there = below(target, all);
  const stale = [...sums.keys()].filter((name) => there.get(name) !== sums.get(name));
  return { sums, stale };
}

function below(folder: string, sums: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...sums]
      .filter(([path]) => path.startsWith(`${folder}/`) && !path.includes("/__pycache__/"))
      .map(([path, sum]) => [path.slice(folder.length + 1), sum]),
  );
}

async function put(host: Transport, path: string, content: Buffer): Promise<void> {
  await host.makeFolder(posix.dirname(path));
  await host.writeAtomically(path, content);
}
