import type { ProviderContext } from "../../resource/context/context.ts";
import { gatewaySecrets } from "../config.ts";
import { openTransport } from "./transport/connections.ts";
import { agentSocket, type HostAddress, type Transport } from "./transport/transport.ts";

/** How a provider reaches a gateway's host. */
export type Connect = (address: HostAddress, context: ProviderContext) => Transport;

/** As configured: with the stack's `sshPrivateKey`, else the agent of whoever runs the deployment. */
export const connectAsConfigured: Connect = (address, context) => {
  const { sshPrivateKey: privateKey } = context.config(gatewaySecrets);
  const agent = agentSocket();
  // Never closed: every kernel of the run shares the connection, and it keeps no process alive.
  return openTransport(address, {
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(agent === undefined ? {} : { agent }),
  });
};

/** An address as zod gives it, without keys that are there and undefined. */
export function hostAddress(
  address:
    | { kind: "local" }
    | { kind: "ssh"; host: string; port?: number | undefined; user: string; hostKey: string },
): HostAddress {
  if (address.kind === "local") return address;
  const { port, ...rest } = address;
  return { ...rest, ...(port === undefined ? {} : { port }) };
}

/**
 * Runs `work` under the lock of that name on every host. The hosts are taken in the order of their
 * names, so that two deployments never wait for each other.
 */
export function withLocks<T>(
  transports: readonly Transport[],
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const inOrder = transports.toSorted((a, b) => (a.host < b.host ? -1 : 1));
  return inOrder.reduceRight<() => Promise<T>>((inner, host) => () => host.lock(name, inner), work)();
}
