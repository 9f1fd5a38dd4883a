import { shortImage } from "../../image/reference.ts";
import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import type { Smoke } from "../spec/kernelspec-contract.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { GatewayError } from "./gateway-error.ts";
import { kernelId } from "./kernel-id.ts";

/** One trial of a kernel through its gateway. */
export interface Trial {
  readonly kernel: string;
  /** The registered spec that is started: the kernel's own, or one that is there for the trial alone. */
  readonly spec: string;
  /** Instead of the image that the spec names. */
  readonly otherImage?: string;
  /** What is tried, for messages: `repository@sha256:…`, or empty for a kernel without an image. */
  readonly image: string;
  readonly smoke: Smoke;
  /** KERNEL_USERNAME of the smoke kernel. */
  readonly username: string;
  /** What a failure leaves, for messages: `kernel.json stays as it was`. */
  readonly otherwise: string;
}

/** The user whom the smoke kernel is started for. */
export function smokeUser(smoke: Smoke, authorizedUsers: readonly string[]): string {
  return smoke.username ?? authorizedUsers[0] ?? "lectern";
}

/**
 * Starts a kernel, executes a cell in it, and ends it again.
 * @throws {LecternError} with the kernel's traceback where the cell fails, with the gateway's reason where
 *   the kernel does not start, and with the gateway's own problem where it could not be asked
 */
export async function tryKernel(
  client: GatewayClient,
  trial: Trial,
  context: ProviderContext,
): Promise<void> {
  const { kernel, spec, otherImage, smoke } = trial;
  // The same for each try of a kernel, so that the next try ends what a killed one has left.
  const id = kernelId(`lectern smoke kernel of ${kernel}`);
  const limit = smoke.timeout * 1000;
  const env = {
    ...(otherImage === undefined ? {} : { KERNEL_IMAGE: otherImage }),
    KERNEL_USERNAME: trial.username,
    KERNEL_LAUNCH_TIMEOUT: String(Math.ceil(smoke.timeout)),
  };
  const report = (message: string) => context.report({ severity: "info", resource: kernel, message });
  report(`trying ${subject(trial)} in a smoke kernel`);
  try {
    // One that a killed run has left would count as a running kernel.
    await client.deleteKernel(id);
    // The gateway gives up first, and then reports why.
    await client.startKernel(spec, id, env, limit + 15_000);
    const { traceback } = await client.execute(id, smoke.code, limit);
    if (traceback !== undefined) throw cellFailed(trial, traceback);
  } catch (error) {
    throw error instanceof GatewayError ? notStarted(trial, error) : error;
  } finally {
    await client.deleteKernel(id).catch((error: unknown) => {
      report(`the smoke kernel ${id} could not be ended: ${String(error)}`);
    });
  }
}

function subject({ kernel, image }: Trial): string {
  return image === "" ? kernel : shortImage(image);
}

function cellFailed(trial: Trial, traceback: string): LecternError {
  return smokeFailed(
    trial,
    `the smoke cell failed on ${subject(trial)}`,
    traceback,
    "Fix the image, or the kernel's smoke cell, and run again",
  );
}

/** A gateway that could not be asked is no reason to look for a fault in the image. */
function notStarted(trial: Trial, error: GatewayError): LecternError {
  const why = error.problems.map(({ message }) => message).join("; ");
  if (error.fault === "kernel") {
    const remedy =
      "Check the kernel's image, argv and environment, and the gateway's own log, then run again";
    return smokeFailed(trial, `the smoke kernel failed on ${subject(trial)}`, why, remedy);
  }
  return new LecternError({
    code: "smoke-not-run",
    severity: "error",
    message: `kernel ${trial.kernel} can't be tried, and ${trial.otherwise}: ${why}`,
    remedy: error.remedy,
  });
}

function smokeFailed({ kernel, otherwise }: Trial, what: string, why: string, remedy: string): LecternError {
  return new LecternError({
    code: "smoke-failed",
    severity: "error",
    message: `kernel ${kernel}: ${what}, and ${otherwise}:\n${why.trimEnd()}\n`,
    remedy,
  });
}
