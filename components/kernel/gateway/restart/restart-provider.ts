import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { type Planned, UNKNOWN } from "../../../resource/contract.ts";
import { type BoundProvider, provide } from "../../../resource/provide.ts";
import { PartialFailure } from "../../../resource/provider.ts";
import { type Connect, connectAsConfigured } from "../../hosts/hosts.ts";
import { declareNamed } from "../../kernel-uses.ts";
import { isAdopted } from "../../registration.ts";
import { gatewayClient } from "../gateway-client.ts";
import { type RestartInputs, type RestartState, restartContract } from "./restart-contract.ts";
import { hasNewKernels, needsRestart, newKernels, newWord } from "./restart-decision.ts";
import { awaitHealth, reportRunning } from "./restart-health.ts";
import { namesOf, registrationsOn, restartEverywhere } from "./restart-hosts.ts";

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
      if (typeof wanted.held === "string") {
        reportHeld(state, wanted, wanted.held, context);
        return { change: "none" };
      }
      await announce(state, wanted, context);
      const isChanged =
        hasNewKernels(state, wanted.registrations) || needsRestart(state, wanted) || !state.healthy;
      return { change: isChanged ? "update" : "none" };
    },
    async create(inputs, context) {
      const id = `gateway-restart/${inputs.gateway}`;
      // What it was not restarted for is what a later deployment restarts it for.
      if (inputs.held !== undefined) return { id, state: { applied: [], restarts: 0, healthy: true } };
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
  const added = newKernels(before, inputs.registrations);
  const created = added.length === 0 ? [] : await createdOf(added, inputs, context, connect);
  const word = newWord(before, inputs.restart);
  const restarts = needsRestart(before, {
    ...inputs,
    registrations: [...(before?.applied ?? []), ...created],
  });
  if (restarts) {
    const again = word === undefined ? [] : [`${inputs.owner}: ${word}`];
    await restartEverywhere({ inputs, reasons: { registrations: created, again } }, context, connect);
  }
  const known = new Set([...(before?.applied ?? []), ...created]);
  const applied = inputs.registrations.filter((one) => known.has(one) || isAdopted(one)).sort();
  const last = word ?? before?.again;
  const state = {
    applied,
    restarts: (before?.restarts ?? 0) + (restarts ? 1 : 0),
    ...(last === undefined ? {} : { again: last }),
  };
  try {
    await checkHealth(applied, inputs, context);
  } catch (error) {
    // It was restarted: the next run only checks again, and ends no other kernel.
    const reason =
      error instanceof LecternError ? error.message : `the gateway ${inputs.gateway}: ${String(error)}`;
    throw new PartialFailure(id, { ...state, healthy: false }, [reason]);
  }
  return { ...state, healthy: true };
}

/**
 * Those of the registrations whose kernels are on the gateway's hosts. One whose creation failed, while its old
 * registration is of another gateway, is not, and is no reason to restart this one.
 */
async function createdOf(
  added: readonly string[],
  inputs: RestartInputs,
  context: ProviderContext,
  connect: Connect,
): Promise<string[]> {
  const present = await registrationsOn(inputs, context, connect);
  return added.filter((registration) => present.has(registration));
}

async function checkHealth(
  applied: readonly string[],
  inputs: RestartInputs,
  context: ProviderContext,
): Promise<void> {
  const { gateway, url } = inputs;
  if (url === undefined || applied.length === 0) return;
  await awaitHealth(gatewayClient({ name: gateway, url }, context), namesOf(applied), inputs, context);
}

/** Reports a restart that waits for a later deployment. */
function reportHeld(
  state: RestartState | undefined,
  wanted: Planned<typeof restartContract>,
  reason: string,
  context: ProviderContext,
): void {
  if (!needsRestart(state, wanted)) return;
  context.report({
    severity: "warning",
    message: `the restart of the gateway ${String(wanted.gateway)} is held: ${reason}`,
  });
}

/** Reports a restart that is planned, with the kernels that it would end. */
async function announce(
  state: RestartState | undefined,
  wanted: Planned<typeof restartContract>,
  context: ProviderContext,
): Promise<void> {
  const { gateway, url, restart: mode, held } = wanted;
  if (held !== undefined) return;
  if (gateway === UNKNOWN || url === UNKNOWN || url === undefined || mode === UNKNOWN) return;
  if (needsRestart(state, wanted))
    await reportRunning(gatewayClient({ name: gateway, url }, context), context);
}
