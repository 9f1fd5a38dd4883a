import type { GatewayClient } from "../../components/kernel/gateway/gateway-client.ts";
import type { ProofKernels } from "../../components/proof/prove.ts";
import { gatewayKernels } from "../../components/proof/run/gateway-kernels.ts";

/** A kernel on which notebooks are run. */
export interface NamedKernel {
  /** Of its kernelspec. */
  readonly spec: string;
  readonly client: GatewayClient;
  /** KERNEL_USERNAME. */
  readonly username: string;
  /** Milliseconds in which it has to start. */
  readonly startTimeout: number;
}

/**
 * Runs each notebook on its kernel's gateway.
 * @param kernels by display name
 * @param owner who runs them: another's kernels are not ended
 */
export function kernelsOf(
  kernels: ReadonlyMap<string, NamedKernel>,
  owner: string,
  signal: AbortSignal,
): ProofKernels {
  return {
    use: (subject, work) => {
      const kernel = kernels.get(subject.kernel);
      if (!kernel) throw new Error(`the kernel ${subject.kernel} is not known`);
      return gatewayKernels({ ...kernel, owner, signal }).use(subject, work);
    },
  };
}
