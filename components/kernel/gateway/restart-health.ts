import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context.ts";
import type { GatewayClient } from "./gateway-client.ts";
import type { RestartInputs } from "./restart-contract.ts";
import { decideBusy } from "./restart-decision.ts";

const UNLISTED = "how many kernels run there is unknown (EG_LIST_KERNELS is off)";

/** Reports, for a plan, how many kernels a restart would end. */
export async function reportRunning(client: GatewayClient, context: ProviderContext): Promise<void> {
  try {
    const running = await client.runningKernels();
    const effect = running ? `would end ${kernels(running.length)}` : `is planned; ${UNLISTED}`;
    context.report({
      severity: "info",
      message: `a restart of the gateway ${client.label} ${effect}`,
    });
  } catch (error) {
    context.report({ severity: "warning", message: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * Returns when the gateway may restart, by its policy for kernels that run.
 * @throws {LecternError} where kernels run, or where it can't be known and the policy asks for it
 */
export async function awaitIdle(
  client: GatewayClient,
  { whenBusy, waitLimit }: RestartInputs,
  context: ProviderContext,
): Promise<void> {
  const report = (message: string) => context.report({ severity: "info", message });
  let reported: number | undefined;
  const ask = async () => {
    const running = (await client.runningKernels())?.length;
    if (running !== undefined && running !== reported) {
      report(`the gateway ${client.label} runs ${kernels(running)}`);
      reported = running;
    }
    const decision = decideBusy(whenBusy, running);
    if (decision === "refuse") {
      throw busy(client, running === undefined ? UNLISTED : `it runs ${kernels(running)}`);
    }
    if (decision === "wait") return undefined;
    if (running === undefined) report(`the gateway ${client.label} restarts; ${UNLISTED}`);
    return true;
  };
  const limit = waitLimit * 1000;
  const idle = await context.poll(ask, { first: 5_000, slowest: 5_000, limit });
  if (!idle) throw busy(client, `it still runs ${kernels(reported ?? 0)} after ${waitLimit} s`);
}

/**
 * Waits until the gateway answers and lists every registered kernel.
 * @throws {LecternError} where it doesn't within `healthLimit`
 */
export async function awaitHealth(
  client: GatewayClient,
  { registrations, healthLimit }: RestartInputs,
  context: ProviderContext,
): Promise<void> {
  const names = registrations.map((id) => id.split("/")[1] ?? id);
  let problem: string | undefined;
  const ask = async () => {
    problem = await problemOf(client, names);
    return problem === undefined ? true : undefined;
  };
  const pace = { first: 200, growth: 2, slowest: 2_000, limit: healthLimit * 1000 };
  if (!(await context.poll(ask, pace))) throw unhealthy(client, problem ?? "does not answer", healthLimit);
  context.report({
    severity: "info",
    message: `the gateway ${client.label} is ready, with ${kernels(names.length)} registered`,
  });
}

/** What is wrong with a gateway that should list these kernels; undefined where nothing is. */
async function problemOf(client: GatewayClient, names: readonly string[]): Promise<string | undefined> {
  if (!(await client.healthy())) return "does not answer";
  try {
    const listed = new Set(await client.kernelspecNames());
    const missing = names.filter((name) => !listed.has(name));
    return missing.length === 0 ? undefined : `does not list ${missing.join(", ")}`;
  } catch (error) {
    return `does not list its kernels: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function kernels(count: number): string {
  return count === 1 ? "1 kernel" : `${count} kernels`;
}

function busy(client: GatewayClient, why: string): LecternError {
  return new LecternError({
    code: "gateway-busy",
    severity: "error",
    message: `the gateway ${client.label} is not restarted: ${why}`,
    remedy: "Run again when they have ended, or set `whenBusy: restart` in lectern:gateways",
  });
}

function unhealthy(client: GatewayClient, problem: string, limit: number): LecternError {
  return new LecternError({
    code: "gateway-unhealthy",
    severity: "error",
    message: `the gateway ${client.label} ${problem}, ${limit} s after its restart`,
    remedy:
      "Check the gateway's own log, and EG_ALLOWED_KERNELS; the next run checks again without a restart",
  });
}
