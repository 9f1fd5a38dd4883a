import type { GatewayConfig } from "../../components/kernel/config.ts";
import { type KernelDeclaration, kernelFileOf } from "../../components/kernel/declaration/kernel-file.ts";
import { didYouMean } from "../../components/problem/nearest.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";

/** A gateway of a stack's configuration. */
export interface NamedGateway {
  readonly name: string;
  readonly config: GatewayConfig;
}

const NAMED = new WeakMap<GatewayConfig, NamedGateway>();

/** The gateways of a stack's configuration: the same object for the same gateway. */
export function namedGateways({ gateways }: Pick<StackConfig, "gateways">): NamedGateway[] {
  return Object.entries(gateways).map(([name, config]) => {
    const gateway = NAMED.get(config) ?? { name, config };
    NAMED.set(config, gateway);
    return gateway;
  });
}

/**
 * The gateway that a kernel is installed on: its own, else the stack's, else the only one there is.
 * @throws {LecternError} where there is none, or none by that name
 */
export function chooseGateway(
  kernel: Pick<KernelDeclaration, "name" | "folder" | "gateway">,
  config: Pick<StackConfig, "gateways" | "gateway">,
): NamedGateway {
  const found = gatewayOf(kernel, config);
  if (found) return found;
  throw new LecternError(noGateway(kernel, nameOf(kernel, config), Object.keys(config.gateways)));
}

/** The same, and undefined where there is none. */
export function gatewayOf(
  kernel: Pick<KernelDeclaration, "gateway">,
  config: Pick<StackConfig, "gateways" | "gateway">,
): NamedGateway | undefined {
  const name = nameOf(kernel, config);
  return namedGateways(config).find((gateway) => gateway.name === name);
}

function nameOf(
  kernel: Pick<KernelDeclaration, "gateway">,
  config: Pick<StackConfig, "gateways" | "gateway">,
): string | undefined {
  const names = Object.keys(config.gateways);
  return kernel.gateway ?? config.gateway ?? (names.length === 1 ? names[0] : undefined);
}

function noGateway(
  kernel: Pick<KernelDeclaration, "name" | "folder" | "gateway">,
  name: string | undefined,
  names: readonly string[],
) {
  const ownFile = kernel.gateway !== undefined;
  return {
    code: "missing-gateway",
    severity: "error" as const,
    ...(ownFile ? { file: kernelFileOf(kernel.folder), path: "gateway" } : { path: "lectern:gateways" }),
    message:
      name === undefined
        ? `the kernel ${kernel.name} is on no gateway: the stack ${names.length === 0 ? "has none" : "has several"}`
        : `there is no gateway ${JSON.stringify(name)}`,
    remedy: didYouMean(
      name ?? "",
      names,
      names.length === 0
        ? "Describe one below lectern:gateways, or remove the kernel from the catalog"
        : `Set lectern:gateway to one of ${names.join(", ")}`,
    ),
  };
}
