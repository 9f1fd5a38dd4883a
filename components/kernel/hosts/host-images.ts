import { LecternError } from "../../problem/problem.ts";
import type { Host } from "../../resource/provider.ts";
import type { KernelspecInputs } from "../spec/kernelspec-inputs.ts";
import type { Transport } from "./transport/transport.ts";

/** Pulls of this process: one for each image and host, however many kernels share it. */
const PULLS = new Map<string, Promise<void>>();

/**
 * Brings an image to a host, by digest, unless this run did so before.
 * @throws {LecternError} naming the host, with the last lines that the command said
 */
export function ensureImage(
  transport: Transport,
  image: string,
  pull: NonNullable<KernelspecInputs["pull"]>,
  host: Host,
): Promise<void> {
  const key = JSON.stringify([host.run, transport.host, image, pull.command]);
  const known = PULLS.get(key);
  if (known) return known;
  const pulled = pullImage(transport, image, pull, host);
  PULLS.set(key, pulled);
  // A failed one may be tried again by the next kernel that asks.
  pulled.catch(() => PULLS.delete(key));
  return pulled;
}

async function pullImage(
  transport: Transport,
  image: string,
  { command, timeout }: NonNullable<KernelspecInputs["pull"]>,
  host: Host,
): Promise<void> {
  const [program, ...rest] = command;
  if (program === undefined) return;
  host.progress(`${transport.host}: pulling ${image}`);
  const result = await transport.run([program, ...rest, image], { timeout: timeout * 1000 });
  if (result.code === 0) return;
  const said = result.stderr.trim().split("\n").slice(-5).join("\n");
  throw new LecternError({
    code: "pull-failed",
    severity: "error",
    message: `${transport.host}: \`${command.join(" ")}\` of ${image} ended with ${result.code}: ${said}`,
    remedy: "Check that the host may read the registry and that the image is there",
  });
}
