import { createHash } from "node:crypto";
import { shortImage } from "../../image/reference.ts";
import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context.ts";
import type { Smoke } from "../spec/kernelspec-contract.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { GatewayError } from "./gateway-error.ts";

/** One trial of an image for a kernel. */
export interface Trial {
  readonly kernel: string;
  readonly image: string;
  readonly smoke: Smoke;
  readonly authorizedUsers: readonly string[];
}

/**
 * Starts a kernel of a registered spec on another image, executes a cell in it, and ends it again.
 * Nothing on the gateway's hosts is touched.
 * @throws {LecternError} with the kernel's traceback where the cell fails
 */
export async function tryImage(client: GatewayClient, trial: Trial, context: ProviderContext): Promise<void> {
  const { kernel, image, smoke } = trial;
  const id = smokeId(kernel);
  const limit = smoke.timeout * 1000;
  const env = {
    KERNEL_IMAGE: image,
    KERNEL_USERNAME: smoke.username ?? trial.authorizedUsers[0] ?? "lectern",
    KERNEL_LAUNCH_TIMEOUT: String(Math.ceil(smoke.timeout)),
  };
  const report = (message: string) => context.report({ severity: "info", resource: kernel, message });
  report(`trying ${shortImage(image)} in a smoke kernel`);
  try {
    // One that a killed run has left would count as a running kernel.
    await client.deleteKernel(id);
    // The gateway gives up first, and then reports why.
    await client.startKernel(kernel, id, env, limit + 15_000);
    const { traceback } = await client.execute(id, smoke.code, limit);
    if (traceback !== undefined) throw smokeFailed(trial, "the smoke cell failed", traceback);
  } catch (error) {
    throw error instanceof GatewayError
      ? smokeFailed(trial, "the smoke kernel failed", messageOf(error))
      : error;
  } finally {
    await client.deleteKernel(id).catch((error: unknown) => {
      report(`the smoke kernel ${id} could not be ended: ${String(error)}`);
    });
  }
}

/** The same for each try of a kernel, so that the next try ends what a killed one has left. */
function smokeId(kernel: string): string {
  const hex = createHash("sha256").update(`lectern smoke kernel of ${kernel}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

function smokeFailed({ kernel, image }: Trial, what: string, why: string): LecternError {
  return new LecternError({
    code: "smoke-failed",
    severity: "error",
    message: `kernel ${kernel}: ${what} on ${shortImage(image)}, and kernel.json stays as it was:\n${why.trimEnd()}\n`,
    remedy: "Fix the image, or the kernel's smoke cell, and run again",
  });
}

function messageOf(error: GatewayError): string {
  return error.problems.map(({ message }) => message).join("; ");
}
