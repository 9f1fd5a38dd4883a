import { basename } from "node:path";
import { LecternError } from "../../problem/problem.ts";
import {
  type CustomResourceProvider,
  type Host,
  PartialFailure,
  type Properties,
} from "../../resource/provider.ts";
import { type Connect, connectAsConfigured, hostAddress } from "../hosts/hosts.ts";
import { declareNamed } from "../kernel-uses.ts";
import { checkFailures } from "../spec/kernelspec-inputs.ts";
import { type GatewayClient, gatewayClient } from "./gateway-client.ts";
import { restartPlan } from "./restart-command.ts";
import { newRegistrations } from "./restart-diff.ts";
import { awaitHealth, awaitIdle, sayWhatRuns } from "./restart-health.ts";
import { type RestartInputs, type RestartState, restartInputs } from "./restart-inputs.ts";

/** The provider of `GatewayRestart`, over hosts that are reached by `connect`. */
export function restartProviderOver(connect: Connect): CustomResourceProvider {
  return {
    async check(olds, news, host) {
      if (Array.isArray(news["named"])) declareNamed(host.run, news["named"].map(String));
      const failures = checkFailures(restartInputs, news);
      // The first restart is a create, of which only the check is seen in a preview.
      const isFirst =
        Object.keys(olds).length === 0 && newRegistrations([], news["registrations"]).length > 0;
      if (isFirst && failures.length === 0) await announce(news, host);
      return { inputs: news, failures };
    },
    async diff(_id, olds, news, host) {
      const { applied, healthy } = keptState(olds);
      const isNew = newRegistrations(applied, news["registrations"]).length > 0;
      if (isNew) await announce(news, host);
      return { changes: isNew || !healthy };
    },
    async create(given, host) {
      const inputs = restartInputs.parse(given);
      const id = `gateway-restart/${inputs.gateway}`;
      const outs = await bringUp(id, inputs, { applied: [], healthy: true, restarts: 0 }, host, connect);
      return { id, outs };
    },
    async update(id, olds, given, host) {
      return { outs: await bringUp(id, restartInputs.parse(given), keptState(olds), host, connect) };
    },
    // A kernel that goes needs no restart, and neither does a gateway that is no longer looked after.
    async delete() {},
  };
}

/** The provider of `GatewayRestart`. */
export const restartProvider: CustomResourceProvider = restartProviderOver(connectAsConfigured);

/** The state as the engine kept it: only this provider wrote it. */
function keptState(props: Properties): RestartState {
  return {
    applied: Array.isArray(props["applied"]) ? props["applied"] : [],
    healthy: props["healthy"] !== false,
    restarts: Number(props["restarts"] ?? 0),
  };
}

async function bringUp(
  id: string,
  inputs: RestartInputs,
  before: RestartState,
  host: Host,
  connect: Connect,
): Promise<Properties> {
  const client = clientOf(inputs, host);
  const registrations = inputs.registrations.toSorted();
  const isNew = newRegistrations(before.applied, registrations).length > 0;
  const restarts = isNew && restartPlan(inputs.restart).commands.length > 0;
  if (restarts) {
    if (client) await awaitIdle(client, inputs, host);
    await restart(inputs, host, connect);
  }
  const state = { applied: registrations, restarts: before.restarts + (restarts ? 1 : 0) };
  try {
    if (client && registrations.length > 0) await awaitHealth(client, inputs, host);
  } catch (error) {
    // It was restarted: the next run shall only look again, and end nobody's kernel once more.
    const reason = error instanceof Error ? error.message : String(error);
    throw new PartialFailure(id, { ...state, healthy: false }, [reason]);
  }
  return { ...state, healthy: true };
}

async function restart(inputs: RestartInputs, host: Host, connect: Connect): Promise<void> {
  const { everyHost, commands } = restartPlan(inputs.restart);
  const addresses = everyHost ? inputs.hosts : inputs.hosts.slice(0, 1);
  for (const transport of addresses.map((address) => connect(hostAddress(address), host))) {
    for (const command of commands) {
      host.progress(`${inputs.gateway}: restarting by \`${basename(command[0])}\` on ${transport.host}`);
      const result = await transport.run(command, { timeout: (inputs.healthLimit + 60) * 1000 });
      if (result.code !== 0) throw notRestarted(inputs.gateway, transport.host, command[0], result);
    }
  }
}

async function announce(news: Properties, host: Host): Promise<void> {
  const parsed = restartInputs.partial().safeParse({ ...news, registrations: [] });
  if (!parsed.success || parsed.data.gateway === undefined) return;
  const { gateway, url, restart: mode } = parsed.data;
  if (url === undefined || mode === undefined || mode.mode === "none") return;
  await sayWhatRuns(gatewayClient({ name: gateway, url }, host), host);
}

function clientOf({ gateway, url }: RestartInputs, host: Host): GatewayClient | undefined {
  return url === undefined ? undefined : gatewayClient({ name: gateway, url }, host);
}

function notRestarted(
  gateway: string,
  host: string,
  program: string,
  { code, stderr }: { code: number; stderr: string },
): LecternError {
  const said = stderr.trim().split("\n").slice(-5).join("\n");
  return new LecternError({
    code: "restart-failed",
    severity: "error",
    message: `${host}: restarting the gateway ${gateway} by \`${program}\` ended with ${code}: ${said}`,
    remedy: "See `restart` in lectern:gateways, and whether the deployment's user may run it",
  });
}
