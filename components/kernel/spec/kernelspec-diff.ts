import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../resource/provider.ts";
import {
  canonicalFolder,
  type GatewayPlace,
  gatewayPlace,
  type KernelspecState,
  kernelspecBody,
} from "./kernelspec-inputs.ts";

/** How a kernel's inputs differ from what was last applied. */
export interface KernelspecChange {
  /** Inputs that need another folder, and so a new registration. */
  readonly replaces: readonly string[];
  /** The image differs. */
  readonly image: boolean;
  /** Anything else in kernel.json differs. */
  readonly file: boolean;
  /** The hosts differ. */
  readonly hosts: boolean;
  /** The gateway has another name in the configuration. */
  readonly renamed: boolean;
  /** Back to the previous kernel.json, or forward again to what the inputs say. */
  readonly rollback: "back" | "forward" | undefined;
  /** A refresh found something else on the hosts than was applied. */
  readonly drift: boolean;
}

/**
 * Compares with what was last applied. How an image is pulled or tried, and who uses the kernel,
 * is no part of what is on the hosts, and so no change.
 */
export function kernelspecChange({ applied, drift }: KernelspecState, news: Properties): KernelspecChange {
  const gateway = orRaw(gatewayPlace.safeParse(news["gateway"]), news["gateway"]);
  const body = orRaw(kernelspecBody.safeParse(news["body"]), news["body"]);
  const rollback = news["rollback"] ?? false;
  const replaces = [
    ...(news["name"] === applied.name ? [] : ["name"]),
    ...(isElsewhere(gateway, applied.gateway) ? ["gateway"] : []),
  ];
  // A kernel that was rolled back stays where it is until a person takes that back.
  const held = applied.rollback && rollback === true;
  return {
    replaces,
    image: !held && news["image"] !== applied.image,
    file:
      !held &&
      (news["displayName"] !== applied.displayName ||
        news["language"] !== applied.language ||
        news["owner"] !== applied.owner ||
        !isDeepStrictEqual(body, applied.body)),
    hosts: !held && !isDeepStrictEqual(gateway.hosts, applied.gateway.hosts),
    renamed: !held && gateway.name !== applied.gateway.name,
    rollback: rollback === applied.rollback ? undefined : rollback ? "back" : "forward",
    drift: !held && drift.length > 0,
  };
}

/**
 * Whether the kernel needs another place. A gateway's name is only a label: one that is renamed, but
 * keeps a host and the folder, has its kernels where they are, and a replacement would remove them.
 */
function isElsewhere(gateway: Properties, applied: GatewayPlace): boolean {
  if (gateway["specsFolder"] !== canonicalFolder(applied.specsFolder)) return true;
  if (gateway["name"] === applied.name) return false;
  const before = new Set(applied.hosts.map(hostName));
  const hosts: unknown = gateway["hosts"];
  return !(Array.isArray(hosts) && hosts.some((host) => before.has(hostName(host))));
}

function hostName(host: Properties): string {
  return host["kind"] === "ssh" ? `${host["host"]}:${host["port"] ?? 22}` : "local";
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

/** Values as they were applied, with their defaults; as they are where something is not known yet. */
function orRaw<T>(parsed: { success: boolean; data?: T | undefined }, raw: Properties): T | Properties {
  return parsed.success && parsed.data !== undefined ? parsed.data : (raw ?? {});
}
