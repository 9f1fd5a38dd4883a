import { isDeepStrictEqual } from "node:util";
import { type Planned, UNKNOWN } from "../../resource/contract.ts";
import type { GatewayPlace, KernelspecState, kernelspecContract } from "./kernelspec-contract.ts";

/** How a kernel's inputs differ from what was last applied. */
export interface KernelspecChange {
  /** Inputs that need another folder, and so a new registration. */
  readonly replaces: readonly ("name" | "gateway")[];
  /** The image differs. */
  readonly image: boolean;
  /** Anything else in kernel.json differs. */
  readonly file: boolean;
  /** The hosts differ. */
  readonly hosts: boolean;
  /** The gateway has another name in the configuration. */
  readonly renamed: boolean;
  /** Back to the previous kernel.json, or forward again to the inputs. */
  readonly rollback: "back" | "forward" | undefined;
  /** A refresh found something else on the hosts than was applied. */
  readonly drift: boolean;
}

/**
 * Compares with what was last applied. How an image is pulled or tried, and who uses the kernel,
 * is no part of what is on the hosts, and so no change.
 * @param secrets the digest of the kernel's secret variables
 */
export function kernelspecChange(
  { applied, drift }: KernelspecState,
  wanted: Planned<typeof kernelspecContract>,
  secrets?: string,
): KernelspecChange {
  const { gateway, rollback } = wanted;
  // A kernel that was rolled back stays where it is until a person takes that back.
  const isHeld = applied.rollback && rollback === true;
  return {
    replaces: [
      ...(wanted.name === applied.name ? [] : (["name"] as const)),
      ...(gateway === UNKNOWN || isElsewhere(gateway, applied.gateway) ? (["gateway"] as const) : []),
    ],
    image: !isHeld && wanted.image !== applied.image,
    file:
      !isHeld &&
      (wanted.displayName !== applied.displayName ||
        wanted.language !== applied.language ||
        wanted.owner !== applied.owner ||
        secrets !== applied.secrets ||
        !isDeepStrictEqual(wanted.body, applied.body)),
    hosts: !isHeld && (gateway === UNKNOWN || !isDeepStrictEqual(gateway.hosts, applied.gateway.hosts)),
    renamed: !isHeld && (gateway === UNKNOWN || gateway.name !== applied.gateway.name),
    rollback: rollback === applied.rollback ? undefined : rollback ? "back" : "forward",
    drift: !isHeld && drift.length > 0,
  };
}

/**
 * Whether the kernel needs another place. A gateway's name is only a label: one that is renamed, but
 * keeps a host and the folder, has its kernels where they are, and a replacement would remove them.
 */
function isElsewhere(gateway: GatewayPlace, applied: GatewayPlace): boolean {
  if (gateway.specsFolder !== applied.specsFolder) return true;
  if (gateway.name === applied.name) return false;
  const before = new Set(applied.hosts.map(hostName));
  return !gateway.hosts.some((host) => before.has(hostName(host)));
}

function hostName(host: GatewayPlace["hosts"][number]): string {
  return host.kind === "ssh" ? `${host.host}:${host.port ?? 22}` : "local";
}

/** Whether there is anything to do. */
export function isChange(change: KernelspecChange): boolean {
  return (
    change.replaces.length > 0 ||
    change.image ||
    change.file ||
    change.hosts ||
    change.renamed ||
    change.drift ||
    change.rollback !== undefined
  );
}
