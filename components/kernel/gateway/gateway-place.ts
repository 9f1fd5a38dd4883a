import type { GatewayConfig } from "../config.ts";
import type { HostAddress } from "../hosts/transport/transport.ts";
import type { GatewayPlace } from "../spec/kernelspec-contract.ts";

/** A gateway's place, as `Kernelspec` takes it, from its configuration. */
export function gatewayPlaceOf(name: string, config: GatewayConfig): GatewayPlace {
  const { url, specsFolder, scriptsFolder, stagingFolder, preflight } = config;
  return {
    name,
    hosts: config.hosts.filter(({ kernelspecs }) => kernelspecs).map(hostAddressOf),
    specsFolder,
    ...(url === undefined ? {} : { url }),
    ...(scriptsFolder === undefined ? {} : { scriptsFolder }),
    ...(stagingFolder === undefined ? {} : { stagingFolder }),
    ...(preflight ? {} : { preflight }),
  };
}

/**
 * The hosts on which a gateway is restarted, each with the address of its own gateway where it has one; undefined
 * where they are those with its kernelspecs. One that runs on none of them, but in a cluster, is restarted from the
 * first.
 */
function gatewayHostsOf({ hosts }: GatewayConfig) {
  if (hosts.every(({ gateway, kernelspecs, url }) => gateway && kernelspecs && url === undefined))
    return undefined;
  const running = hosts.filter(({ gateway }) => gateway);
  return (running.length > 0 ? running : hosts.slice(0, 1)).map((host) => ({
    address: hostAddressOf(host),
    ...(host.url === undefined ? {} : { url: host.url }),
  }));
}

/** How a gateway restarts, as `GatewayRestart` takes it, from its configuration. */
export function restartInputsOf(name: string, config: GatewayConfig) {
  const { url, hosts, specsFolder } = gatewayPlaceOf(name, config);
  const { restart, whenBusy, waitLimit, healthLimit } = config;
  const gatewayHosts = gatewayHostsOf(config);
  return {
    gateway: name,
    ...(url === undefined ? {} : { url }),
    hosts,
    specsFolder,
    ...(gatewayHosts === undefined ? {} : { gatewayHosts }),
    restart,
    whenBusy,
    waitLimit,
    healthLimit,
  };
}

type Address = HostAddress & GatewayPlace["hosts"][number];

function hostAddressOf(host: GatewayConfig["hosts"][number]): Address {
  if (host.local) return { kind: "local" };
  const { host: name, port, user, hostKey } = host;
  return { kind: "ssh", host: name, user, hostKey, ...(port === undefined ? {} : { port }) };
}
