import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import type { KernelspecInputs } from "../spec/kernelspec-contract.ts";
import type { Transport } from "./transport/transport.ts";

type Pull = NonNullable<KernelspecInputs["pull"]>;

/**
 * Brings an image to a host, by digest: once per run, however many kernels share it. A pull that failed
 * is tried again by the next kernel that asks.
 * @throws {LecternError} naming the host, with the last lines of the command's output
 */
export function ensureImage(
  transport: Transport,
  image: string,
  pull: Pull,
  context: ProviderContext,
): Promise<void> {
  const key = `Kernelspec: pull of ${JSON.stringify([transport.host, image, pull.command])}`;
  return context.once(key, () => pullImage(transport, image, pull, context));
}

async function pullImage(
  transport: Transport,
  image: string,
  { command, timeout }: Pull,
  context: ProviderContext,
): Promise<void> {
  const [program, ...rest] = command;
  if (program === undefined) return;
  context.report({ severity: "info", message: `${transport.host}: pulling ${image}` });
  const result = await transport.run([program, ...rest, image], { timeout: timeout * 1000 });
  if (result.code === 0) return;
  const output = result.stderr.trim().split("\n").slice(-5).join("\n");
  throw new LecternError({
    code: "pull-failed",
    severity: "error",
    message: `${transport.host}: \`${command.join(" ")}\` of ${image} failed with exit code ${result.code}: ${output}`,
    remedy: "Check that the host may read the registry, and that the image exists",
  });
}
