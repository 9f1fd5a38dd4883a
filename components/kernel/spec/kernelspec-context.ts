import type { Host } from "../../resource/provider.ts";
import { type GatewayClient, gatewayClient } from "../gateway/gateway-client.ts";
import { ensureImage } from "../hosts/host-images.ts";
import { applyOrRestore, type HostStep } from "../hosts/host-steps.ts";
import { type Connect, hostAddress, withLocks } from "../hosts/hosts.ts";
import type { Transport } from "../hosts/transport/transport.ts";
import {
  cleanStaging,
  moveIn,
  nudge,
  removeFolder,
  type SpecPlace,
  specPlace,
  stageFolder,
} from "./kernelspec-folder.ts";
import type { GatewayPlace, KernelspecInputs } from "./kernelspec-inputs.ts";
import { readKernelspec } from "./kernelspec-patch.ts";
import { launcherOf } from "./kernelspec-render.ts";
import { verifyKernelspec } from "./kernelspec-verify.ts";

/** One kernel's gateway and hosts, as an operation on it needs them. */
export interface KernelContext {
  readonly host: Host;
  readonly place: SpecPlace;
  readonly transports: readonly Transport[];
  /** Undefined where the gateway has no address. */
  readonly client: GatewayClient | undefined;
}

/** What the hosts have: each one's kernel.json, in the order of the hosts. */
export type Found = ReadonlyMap<Transport, Buffer | undefined>;

export function kernelContext(
  gateway: GatewayPlace,
  name: string,
  host: Host,
  connect: Connect,
): KernelContext {
  const { url } = gateway;
  return {
    host,
    place: specPlace(gateway, name),
    transports: gateway.hosts.map((address) => connect(hostAddress(address), host)),
    client: url === undefined ? undefined : gatewayClient({ name: gateway.name, url }, host),
  };
}

/** Runs `work` while no other deployment touches this kernel on any of the hosts. */
export function alone<T>({ transports, place }: KernelContext, work: () => Promise<T>): Promise<T> {
  return withLocks(transports, `kernel ${place.folder}`, work);
}

/** Brings the image to every host. */
export async function pullEverywhere(
  { transports, host }: KernelContext,
  image: string,
  pull: KernelspecInputs["pull"],
): Promise<void> {
  if (!pull) return;
  const pulls = transports.map((transport) => ensureImage(transport, image, pull, host));
  const failed = (await Promise.allSettled(pulls)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Every host's kernel.json. */
export async function readEverywhere({ transports, place }: KernelContext): Promise<Found> {
  const files = await Promise.all(transports.map((transport) => transport.read(place.file)));
  return new Map(transports.map((transport, index) => [transport, files[index]]));
}

/**
 * Writes each host's kernel.json where it differs (a whole folder where there is none), and has the
 * gateway confirm it. Whatever fails, all hosts get back what they had.
 */
export async function putEverywhere(
  context: KernelContext,
  inputs: KernelspecInputs,
  found: Found,
  files: ReadonlyMap<Transport, Buffer>,
): Promise<void> {
  const steps = [...files].flatMap(([transport, bytes]) => {
    const before = found.get(transport);
    if (before?.equals(bytes)) return [];
    return [
      before
        ? replaceStep(context, transport, before, bytes)
        : installStep(context, inputs, transport, bytes),
    ];
  });
  await applyOrRestore(context.place.name, steps, () => verifyEverywhere(context, [...files.values()]));
}

async function verifyEverywhere(
  { client, place, host, transports }: KernelContext,
  files: readonly Buffer[],
): Promise<void> {
  if (!client) return;
  const expected = files.map((bytes) => readKernelspec(bytes)?.spec).filter((spec) => spec !== undefined);
  await verifyKernelspec(client, place.name, expected, host.clock, async () => {
    await Promise.all(transports.map((transport) => nudge(transport, place)));
  });
}

function replaceStep({ place }: KernelContext, host: Transport, before: Buffer, bytes: Buffer): HostStep {
  return {
    host,
    what: `write ${place.file}`,
    apply: () =>
      host.writeAtomically(place.file, bytes, { keepPrevious: place.previous, keepOlder: place.older }),
    undo: async () => {
      await host.writeAtomically(place.file, before);
      await undoPrevious(host, place, before);
    },
  };
}

/** A rollback goes to the last file that worked, and not to the one that an update failed on. */
async function undoPrevious(host: Transport, place: SpecPlace, before: Buffer): Promise<void> {
  // A write that failed early has kept nothing.
  if (!(await host.read(place.previous))?.equals(before)) return;
  const older = await host.read(place.older);
  if (older) await host.writeAtomically(place.previous, older);
  else await host.remove(place.previous);
}

function installStep(
  context: KernelContext,
  inputs: KernelspecInputs,
  host: Transport,
  bytes: Buffer,
): HostStep {
  const { place } = context;
  let moved = false;
  return {
    host,
    what: `install ${place.folder}`,
    apply: async () => {
      await cleanStaging(host, place);
      const staged = await stageFolder(host, place, bytes, launcherOf(inputs.body));
      await moveIn(host, staged, place);
      moved = true;
    },
    undo: async () => {
      if (moved) await removeFolder(host, place);
      await cleanStaging(host, place);
    },
  };
}
