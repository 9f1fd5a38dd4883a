import { basename } from "node:path";
import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context.ts";
import { type Planned, UNKNOWN } from "../../resource/contract.ts";
import { type BoundProvider, provide } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import { type Connect, connectAsConfigured, hostAddress } from "../hosts/hosts.ts";
import { declareNamed } from "../kernel-uses.ts";
import { gatewayClient } from "./gateway-client.ts";
import { restartPlan } from "./restart-command.ts";
import { type RestartInputs, type RestartState, restartContract } from "./restart-contract.ts";
import { hasNewKernels, needsRestart } from "./restart-decision.ts";
import { awaitHealth, awaitIdle, reportRunning } from "./restart-health.ts";

/** The provider of `GatewayRestart`, over hosts that are reached by `connect`. */
export function restartProviderOver(connect: Connect): BoundProvider {
  return provide(restartContract, {
    async check(wanted, before, context) {
      if (Array.isArray(wanted.named)) declareNamed(context, wanted.named);
      // The first restart is a create, of which only the check runs in a preview.
      if (!before) await announce(undefined, wanted, context);
      return {};
    },
    async diff(state, wanted, context) {
      await announce(state, wanted, context);
      const isChanged = hasNewKernels(state, wanted.registrations) || !state.healthy;
      return { change: isChanged ? "update" : "none" };
    },
    async create(inputs, context) {
      const id = `gateway-restart/${inputs.gateway}`;
      return { id, state: await bringUp(id, undefined, inputs, context, connect) };
    },
    async update(id, state, inputs, context) {
      return bringUp(id, state, inputs, context, connect);
    },
    // Removing a kernel needs no restart, and neither does removing a gateway.
    async delete() {},
  });
}

/** The provider of `GatewayRestart`. */
export const restartProvider: BoundProvider = restartProviderOver(connectAsConfigured);

async function bringUp(
  id: string,
  before: RestartState | undefined,
  inputs: RestartInputs,
  context: ProviderContext,
  connect: Connect,
): Promise<RestartState> {
  const { gateway, url } = inputs;
  const client = url === undefined ? undefined : gatewayClient({ name: gateway, url }, context);
  const restarts = needsRestart(before, inputs);
  if (restarts) {
    if (client) await awaitIdle(client, inputs, context);
    await restart(inputs, context, connect);
  }
  const applied = inputs.registrations.toSorted();
  const state = { applied, restarts: (before?.restarts ?? 0) + (restarts ? 1 : 0) };
  try {
    if (client && applied.length > 0) await awaitHealth(client, inputs, context);
  } catch (error) {
    // It was restarted: the next run only checks again, and ends no other kernel.
    const reason = error instanceof LecternError ? error.message : `the gateway ${gateway}: ${String(error)}`;
    throw new PartialFailure(id, { ...state, healthy: false }, [reason]);
  }
  return { ...state, healthy: true };
}

async function restart(inputs: RestartInputs, context: ProviderContext, connect: Connect): Promise<void> {
  const { everyHost, commands } = restartPlan(inputs.restart);
  const addresses = everyHost ? inputs.hosts : inputs.hosts.slice(0, 1);
  for (const transport of addresses.map((address) => connect(hostAddress(address), context))) {
    for (const command of commands) {
      context.report({
        severity: "info",
        resource: inputs.gateway,
        message: `restarting with \`${basename(command[0])}\` on ${transport.host}`,
      });
      const result = await transport.run(command, { timeout: (inputs.healthLimit + 60) * 1000 });
      if (result.code !== 0) throw notRestarted(inputs.gateway, transport.host, command[0], result);
    }
  }
}

/** Reports a restart that is planned, with the kernels that it would end. */
async function announce(
  state: RestartState | undefined,
  wanted: Planned<typeof restartContract>,
  context: ProviderContext,
): Promise<void> {
  const { gateway, url, restart: mode } = wanted;
  if (gateway === UNKNOWN || url === UNKNOWN || url === undefined || mode === UNKNOWN) return;
  if (needsRestart(state, wanted))
    await reportRunning(gatewayClient({ name: gateway, url }, context), context);
}

function notRestarted(
  gateway: string,
  host: string,
  program: string,
  { code, stderr }: { code: number; stderr: string },
): LecternError {
  const output = stderr.trim().split("\n").slice(-5).join("\n");
  return new LecternError({
    code: "restart-failed",
    severity: "error",
    message: `${host}: restarting the gateway ${gateway} with \`${program}\` failed with exit code ${code}: ${output}`,
    remedy: "Check `restart` in lectern:gateways, and that the deployment's user may run the command",
  });
}
