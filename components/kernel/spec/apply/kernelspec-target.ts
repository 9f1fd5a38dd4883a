import type { ProviderContext } from "../../../resource/context/context.ts";
import { type GatewayClient, gatewayClient } from "../../gateway/gateway-client.ts";
import { ensureImage } from "../../hosts/host-images.ts";
import { applyOrRestore, type HostStep } from "../../hosts/host-steps.ts";
import { type Connect, hostAddress, withLocks } from "../../hosts/hosts.ts";
import type { Transport } from "../../hosts/transport/transport.ts";
import { readKernelspec } from "../file/kernelspec-patch.ts";
import { renderKernelspec } from "../file/kernelspec-render.ts";
import { backendName, type GatewayPlace, type KernelspecInputs } from "../kernelspec-contract.ts";
import { type SecretVariables, secretsOf } from "../secret-variables.ts";
import { cleanStaging, moveIn, nudge, removeFolder, stageFolder } from "./kernelspec-folder.ts";
import { verifyKernelspec } from "./kernelspec-verify.ts";
import { type SpecPaths, specPaths } from "./spec-paths.ts";

/** How the repository that deploys is found; undefined where it can't be. */
export type NameRepository = (context: ProviderContext) => Promise<string | undefined>;

/** One kernel's gateway and hosts, as an operation on it needs them. */
export interface KernelTarget {
  readonly context: ProviderContext;
  readonly paths: SpecPaths;
  readonly transports: readonly Transport[];
  /** Undefined where the gateway has no address. */
  readonly client: GatewayClient | undefined;
  /** Variables that are in no file and in no state. */
  readonly secrets: SecretVariables;
  /** The repository whose stack deploys the kernel, as its kernel.json names it. */
  repository(): Promise<string | undefined>;
}

/** What the hosts have: each one's kernel.json, in the order of the hosts. */
export type Found = ReadonlyMap<Transport, Buffer | undefined>;

export function kernelTarget(
  gateway: GatewayPlace,
  name: string,
  context: ProviderContext,
  connect: Connect,
  nameRepository: NameRepository,
): KernelTarget {
  const { url } = gateway;
  return {
    context,
    paths: specPaths(gateway, name),
    transports: gateway.hosts.map((address) => connect(hostAddress(address), context)),
    client: url === undefined ? undefined : gatewayClient({ name: gateway.name, url }, context),
    secrets: secretsOf(name, context),
    repository: () => nameRepository(context),
  };
}

/** A kernel's kernel.json as its hosts get it, with its secret variables. */
export function renderFor(
  { secrets }: KernelTarget,
  inputs: KernelspecInputs,
  registration: string,
  repository: string | undefined,
): Buffer {
  const body = { ...inputs.body, env: { ...inputs.body.env, ...secrets } };
  return Buffer.from(renderKernelspec({ ...inputs, body }, registration, repository));
}

/** Runs `work` while no other deployment touches this kernel on any of the hosts. */
export function alone<T>({ transports, paths }: KernelTarget, work: () => Promise<T>): Promise<T> {
  return withLocks(transports, `kernel ${paths.folder}`, work);
}

/** Brings the image to every host, where the kernel runs in one. */
export async function pullEverywhere(
  { transports, context }: KernelTarget,
  image: string,
  { pull, body }: Pick<KernelspecInputs, "pull" | "body">,
): Promise<void> {
  // A kernel that the gateway starts on hosts by SSH uses none, and its hosts need no container engine.
  if (!pull || image === "" || backendName(body.backend) === "distributed") return;
  const pulls = transports.map((transport) => ensureImage(transport, image, pull, context));
  const failed = (await Promise.allSettled(pulls)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Every host's kernel.json. */
export async function readEverywhere({ transports, paths }: KernelTarget): Promise<Found> {
  const files = await Promise.all(transports.map((transport) => transport.read(paths.file)));
  return new Map(transports.map((transport, index) => [transport, files[index]]));
}

/**
 * Writes each host's kernel.json where it differs (a whole folder where there is none), and has the
 * gateway confirm it. Whatever fails, all hosts get back what they had.
 */
export async function putEverywhere(
  target: KernelTarget,
  inputs: KernelspecInputs,
  found: Found,
  files: ReadonlyMap<Transport, Buffer>,
): Promise<void> {
  const steps = [...files].flatMap(([transport, bytes]) => {
    const before = found.get(transport);
    if (before?.equals(bytes)) return [];
    return [
      before ? replaceStep(target, transport, before, bytes) : installStep(target, inputs, transport, bytes),
    ];
  });
  await applyOrRestore(target.paths.name, steps, () => verifyEverywhere(target, [...files.values()]));
}

async function verifyEverywhere(
  { client, paths, context, transports }: KernelTarget,
  files: readonly Buffer[],
): Promise<void> {
  if (!client) return;
  const expected = files.map((bytes) => readKernelspec(bytes)?.spec).filter((spec) => spec !== undefined);
  await verifyKernelspec(client, paths.name, expected, context, async () => {
    await Promise.all(transports.map((transport) => nudge(transport, paths)));
  });
}

function replaceStep({ paths }: KernelTarget, host: Transport, before: Buffer, bytes: Buffer): HostStep {
  return {
    host,
    what: `write ${paths.file}`,
    apply: () =>
      host.writeAtomically(paths.file, bytes, { keepPrevious: paths.previous, keepOlder: paths.older }),
    undo: async () => {
      // A write that failed has left it as it was, and a host on which nothing can be written can't be restored.
      if (!(await host.read(paths.file))?.equals(before)) await host.writeAtomically(paths.file, before);
      await undoPrevious(host, paths, before);
    },
  };
}

/** A rollback goes to the last file that worked, and not to the one that an update failed on. */
async function undoPrevious(host: Transport, paths: SpecPaths, before: Buffer): Promise<void> {
  // A write that failed early has kept nothing.
  if (!(await host.read(paths.previous))?.equals(before)) return;
  const older = await host.read(paths.older);
  if (older) await host.writeAtomically(paths.previous, older);
  else await host.remove(paths.previous);
}

function installStep(
  target: KernelTarget,
  inputs: KernelspecInputs,
  host: Transport,
  bytes: Buffer,
): HostStep {
  const { paths } = target;
  let moved = false;
  return {
    host,
    what: `install ${paths.folder}`,
    apply: async () => {
      await cleanStaging(host, paths);
      const staged = await stageFolder(host, paths, bytes, inputs.body);
      await moveIn(host, staged, paths);
      moved = true;
    },
    undo: async () => {
      if (moved) await removeFolder(host, paths);
      await cleanStaging(host, paths);
    },
  };
}
