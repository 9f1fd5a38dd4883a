import { basename, posix } from "node:path";
import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { type Connect, hostAddress } from "../../hosts/hosts.ts";
import type { RunResult, Transport } from "../../hosts/transport/transport.ts";
import { readKernelspec } from "../../spec/file/kernelspec-patch.ts";
import { type GatewayClient, gatewayClient } from "../gateway-client.ts";
import { type Command, restartPlan } from "./restart-command.ts";
import type { RestartInputs } from "./restart-contract.ts";
import { awaitAnswer, awaitIdle, problemOf } from "./restart-health.ts";
import { covers, markDone, NOT_MARKED, type RestartReasons, readMarks, runMarked } from "./restart-marker.ts";

/** The marks that a host keeps of what people asked for: the last ones are enough. */
const KEPT_WORDS = 50;

/** One gateway that is to restart, and what for. */
export interface RestartOrder {
  readonly inputs: RestartInputs;
  readonly reasons: RestartReasons;
  /** Whether a person asked for it now, whatever restart there was before. @default false */
  readonly forced?: boolean;
}

/**
 * Restarts a gateway on the hosts that run it, one after the other, each only when the one before answers again.
 * A host whose gateway was restarted for these reasons already, by a run that ended half-way or by another
 * deployment, is left alone.
 * @throws {LecternError} naming the host; those before it are not restarted again by the next run
 */
export async function restartEverywhere(
  order: RestartOrder,
  context: ProviderContext,
  connect: Connect,
): Promise<void> {
  const { inputs } = order;
  const plan = restartPlan(inputs.restart);
  if (!plan) return;
  const all = gatewayHosts(inputs);
  const hosts = plan.everyHost ? all : all.slice(0, 1);
  for (const [index, { address, url }] of hosts.entries()) {
    const host = connect(hostAddress(address), context);
    const client = url === undefined ? undefined : gatewayClient({ name: inputs.gateway, url }, context);
    await restartOn(host, client, plan.command, order, context, connect);
    if (plan.settled) await run(host, plan.settled, inputs);
    if (client && index < hosts.length - 1) await awaitAnswer(client, `on ${host.host} `, inputs, context);
  }
}

/** The hosts that run a gateway, each with the address of its own where it has one. */
function gatewayHosts({ gatewayHosts: named, hosts, url }: RestartInputs) {
  const all = named ?? hosts.map((address) => ({ address, url }));
  return all.map((one) => ({ address: one.address, url: one.url ?? url }));
}

/** The registrations of the kernels in a gateway's folder, whichever repository they are of. */
export async function registrationsOn(
  { hosts, specsFolder }: RestartInputs,
  context: ProviderContext,
  connect: Connect,
): Promise<ReadonlySet<string>> {
  const [first] = hosts;
  if (!first) return new Set();
  const host = connect(hostAddress(first), context);
  const names = (await host.list(specsFolder)) ?? [];
  const files = await Promise.all(
    names.map((name) => host.read(posix.join(specsFolder, name, "kernel.json")).catch(() => undefined)),
  );
  return new Set(files.flatMap((bytes) => (bytes && readKernelspec(bytes)?.registration) ?? []));
}

async function restartOn(
  host: Transport,
  client: GatewayClient | undefined,
  command: Command,
  order: RestartOrder,
  context: ProviderContext,
  connect: Connect,
): Promise<void> {
  const { inputs, reasons, forced } = order;
  const report = (message: string) =>
    context.report({ severity: "info", resource: inputs.gateway, message: `${host.host}: ${message}` });
  const isDone = async () => {
    if (forced) return false;
    const { done, begun } = await readMarks(host, inputs.specsFolder);
    if (covers(done, reasons)) return true;
    // What is known of a restart that was interrupted is only whether the gateway works since.
    if (!begun || !covers(begun, reasons) || !client) return false;
    if ((await problemOf(client, namesOf(reasons.registrations))) !== undefined) return false;
    await markDone(host, inputs.specsFolder, begun);
    return true;
  };
  const already =
    "the gateway was restarted for these kernels already, by a run that was interrupted or another";
  if (await isDone()) return report(already);
  if (client) await awaitIdle(client, inputs, context);
  await host.lock(`restart of the gateway of ${inputs.specsFolder}`, async () => {
    // While this run waited, another deployment may have restarted it, with this one's kernels in place.
    if (await isDone()) return report(already);
    report(`restarting the gateway ${inputs.gateway} with \`${basename(command[0])}\``);
    const { done } = await readMarks(host, inputs.specsFolder);
    const present = await registrationsOn(inputs, context, connect);
    const made = {
      registrations: [...new Set([...present, ...reasons.registrations])],
      again: [...(done?.again ?? []), ...reasons.again].slice(-KEPT_WORDS),
    };
    const limit = (inputs.healthLimit + 60) * 1000;
    const result = await runMarked(host, inputs.specsFolder, made, command, limit);
    if (result.code !== 0) throw notRestarted(inputs.gateway, host.host, command[0], result);
  });
}

/** The names of kernels by their registrations, `kernel/<name>/<uuid>`. */
export function namesOf(registrations: readonly string[]): string[] {
  return registrations.map((id) => id.split("/")[1] ?? id);
}

async function run(
  host: Transport,
  command: Command,
  { gateway, healthLimit }: RestartInputs,
): Promise<void> {
  const result = await host.run(command, { timeout: (healthLimit + 60) * 1000 });
  if (result.code !== 0) throw notRestarted(gateway, host.host, command[0], result);
}

function notRestarted(gateway: string, host: string, program: string, result: RunResult): LecternError {
  const output = result.stderr.trim().split("\n").slice(-5).join("\n");
  const what =
    result.code === NOT_MARKED
      ? "is not restarted, as the restart can't be marked in /tmp/lectern-restarts"
      : `could not be restarted with \`${program}\``;
  return new LecternError({
    code: "restart-failed",
    severity: "error",
    message: `${host}: the gateway ${gateway} ${what} (exit code ${result.code}): ${output}`,
    remedy: "Check `restart` in lectern:gateways, and that the deployment's user may run the command",
  });
}
