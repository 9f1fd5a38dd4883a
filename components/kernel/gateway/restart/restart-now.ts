import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import type { GatewayConfig } from "../../config.ts";
import type { Connect } from "../../hosts/hosts.ts";
import { gatewayClient } from "../gateway-client.ts";
import { restartInputsOf } from "../gateway-place.ts";
import { awaitAnswer, whatEnds } from "./restart-health.ts";
import { restartEverywhere } from "./restart-hosts.ts";

/** A gateway of a stack, which a person restarts outside of a deployment. */
export interface NamedGateway {
  readonly name: string;
  readonly config: GatewayConfig;
}

/**
 * What a restart of the gateway ends: `the gateway main (http://…) runs 3 kernels`.
 * @throws {GatewayError} where the gateway refuses its token
 */
export async function announceRestart(
  { name, config: { url } }: NamedGateway,
  context: ProviderContext,
): Promise<string> {
  if (url === undefined) return `the gateway ${name}: how many kernels run there is unknown (it has no url)`;
  return whatEnds(gatewayClient({ name, url }, context));
}

/**
 * Restarts a gateway now, on all of its hosts one after the other, whatever runs on it.
 * @throws {LecternError} where a host can't restart it, or it does not answer afterwards
 */
export async function restartNow(
  { name, config }: NamedGateway,
  context: ProviderContext,
  connect: Connect,
): Promise<void> {
  if (config.restart.mode === "none") throw noCommand(name);
  const inputs = {
    ...restartInputsOf(name, config),
    registrations: [],
    owner: "lectern",
    whenBusy: "restart" as const,
  };
  const order = { inputs, reasons: { registrations: [], again: [] }, forced: true };
  await restartEverywhere(order, context, connect);
  if (config.url === undefined) return;
  const client = gatewayClient({ name, url: config.url }, context);
  await awaitAnswer(client, "", inputs, context);
  context.report({ severity: "info", message: `the gateway ${client.label} answers again` });
}

function noCommand(name: string): LecternError {
  return new LecternError({
    code: "no-restart-command",
    severity: "error",
    path: `lectern:gateways.${name}.restart`,
    message: `the gateway ${name} has no command that restarts it (\`mode: none\`)`,
    remedy: "Set the mode in which it restarts, such as systemd or container",
  });
}
