import type { GatewayClient } from "../../kernel/gateway/gateway-client.ts";
import { GatewayError } from "../../kernel/gateway/gateway-error.ts";
import { kernelId } from "../../kernel/gateway/kernel-id.ts";
import { LecternError } from "../../problem/problem.ts";
import type { ProofKernels } from "../prove.ts";
import { KernelEnded, type NotebookKernel } from "./run-notebook.ts";

/** How kernels are started for notebooks. */
export interface GatewayKernels {
  readonly client: GatewayClient;
  /** The name of the registered kernelspec. */
  readonly spec: string;
  /** KERNEL_USERNAME. */
  readonly username: string;
  /** Milliseconds in which a kernel has to be there. */
  readonly startTimeout: number;
  /** Who runs them, such as a stack: another run's kernels are not ended. */
  readonly owner: string;
  readonly signal: AbortSignal;
}

/** Bytes of a cell's outputs that are compared. */
const OUTPUT_LIMIT = 10 * 2 ** 20;

/** Kernels of a gateway, on the image that a proof is of. */
export function gatewayKernels(options: GatewayKernels): ProofKernels {
  const { client, startTimeout, owner, signal } = options;
  return {
    async use({ key, kernel, image }, work) {
      const id = kernelId(`lectern proof ${key} of ${owner}`);
      const env = {
        KERNEL_IMAGE: image,
        KERNEL_USERNAME: options.username,
        KERNEL_LAUNCH_TIMEOUT: String(Math.ceil(startTimeout / 1000)),
      };
      try {
        // One that a killed run has left still has that ID.
        await client.deleteKernel(id);
        // The gateway gives up first, and then reports why.
        await client.startKernel(options.spec, id, env, startTimeout + 15_000);
        return await work(channelTo(client, id, signal));
      } catch (error) {
        throw error instanceof GatewayError ? notRun(kernel, image, error) : error;
      } finally {
        await client.deleteKernel(id).catch(() => undefined);
      }
    },
  };
}

function channelTo(client: GatewayClient, id: string, signal: AbortSignal): NotebookKernel {
  return {
    id,
    execute: async (code, timeout) => {
      signal.throwIfAborted();
      try {
        return await client.execute(id, code, timeout, {
          outputLimit: OUTPUT_LIMIT,
          interrupts: true,
          signal,
        });
      } catch (error) {
        if (!(error instanceof GatewayError) || error.fault !== "kernel") throw error;
        throw new KernelEnded(error.what);
      }
    },
  };
}

/** A gateway that could not be asked says nothing about a notebook. */
function notRun(kernel: string, image: string, error: GatewayError): LecternError {
  return new LecternError({
    code: "proof-not-run",
    severity: "error",
    message: `notebooks of the kernel ${JSON.stringify(kernel)} can't be run on ${image}: ${error.problems.map(({ message }) => message).join("; ")}`,
    remedy: error.remedy,
  });
}
