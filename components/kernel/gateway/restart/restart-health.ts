import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import type { GatewayClient } from "../gateway-client.ts";
import { GatewayError } from "../gateway-error.ts";
import type { RestartInputs } from "./restart-contract.ts";
import { decideBusy } from "./restart-decision.ts";

const UNLISTED = "how many kernels run there is unknown (EG_LIST_KERNELS is off)";
const SILENT = "how many kernels run there is unknown (it does not answer)";

/** How many kernels a gateway runs, or why that is unknown. */
async function countRunning(client: GatewayClient): Promise<number | typeof UNLISTED | typeof SILENT> {
  try {
    return (await client.runningKernels())?.length ?? UNLISTED;
  } catch (error) {
    // One that is down is what a restart is for; a wrong token would only be found out after it.
    if (error instanceof GatewayError && error.isDown) return SILENT;
    throw error;
  }
}

/** Reports, for a plan, how many kernels a restart would end. */
export async function reportRunning(client: GatewayClient, context: ProviderContext): Promise<void> {
  try {
    const running = await countRunning(client);
    const effect = typeof running === "number" ? `would end ${kernels(running)}` : `is planned; ${running}`;
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
    const count = await countRunning(client);
    const running = typeof count === "number" ? count : undefined;
    if (running !== undefined && running !== reported) {
      report(`the gateway ${client.label} runs ${kernels(running)}`);
      reported = running;
    }
    const decision = decideBusy(whenBusy, running);
    if (decision === "refuse") {
      throw busy(client, typeof count === "number" ? `it runs ${kernels(count)}` : count);
    }
    if (decision === "wait") return undefined;
    if (typeof count !== "number") report(`the gateway ${client.label} restarts; ${count}`);
    return true;
  };
  const limit = waitLimit * 1000;
  const idle = await context.poll(ask, { first: 5_000, slowest: 5_000, limit });
  if (!idle) throw busy(client, `it still runs ${kernels(reported ?? 0)} after ${waitLimit} s`);
}

/** What a gateway runs, for a person who is about to restart it. */
export async function whatEnds(client: GatewayClient): Promise<string> {
  const running = await countRunning(client);
  return `the gateway ${client.label}${typeof running === "number" ? ` runs ${kernels(running)}` : `: ${running}`}`;
}

/**
 * Waits until a gateway answers again.
 * @param where for the error: empty, or `on a ` for one of several hosts
 * @throws {LecternError} where it doesn't within `healthLimit`
 */
export async function awaitAnswer(
  client: GatewayClient,
  where: string,
  { healthLimit }: RestartInputs,
  context: ProviderContext,
): Promise<void> {
  const problem = await lastProblem(() => problemOf(client, []), healthLimit, context);
  if (problem !== undefined) throw unhealthy(client, `${where}${problem}`, healthLimit);
}

/**
 * Waits until the gateway answers and lists every registered kernel.
 * @throws {LecternError} where it doesn't within `healthLimit`
 */
export async function awaitHealth(
  client: GatewayClient,
  names: readonly string[],
  { healthLimit }: RestartInputs,
  context: ProviderContext,
): Promise<void> {
  const problem = await lastProblem(() => problemOf(client, names), healthLimit, context);
  if (problem !== undefined) throw unhealthy(client, problem, healthLimit);
  context.report({
    severity: "info",
    message: `the gateway ${client.label} is ready, with ${kernels(names.length)} registered`,
  });
}

/** Asks until nothing is wrong any more, or the limit in seconds has passed: then what is wrong still. */
async function lastProblem(
  ask: () => Promise<string | undefined>,
  limit: number,
  context: ProviderContext,
): Promise<string | undefined> {
  let problem: string | undefined = "does not answer";
  const pace = { first: 200, growth: 2, slowest: 2_000, limit: limit * 1000 };
  const asked = async () => {
    problem = await ask();
    return problem === undefined ? true : undefined;
  };
  return (await context.poll(asked, pace)) ? undefined : problem;
}

/**
 * What is wrong with a gateway that should list these kernels; undefined where nothing is.
 * @throws {GatewayError} where it refuses the token: waiting does not change that
 */
export async function problemOf(
  client: GatewayClient,
  names: readonly string[],
): Promise<string | undefined> {
  const problem = await client.problem();
  if (problem?.status === 401) throw problem;
  if (problem) return "does not answer";
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
      "Check the gateway's own log, and its allow-list (EG_ALLOWED_KERNELS, KernelSpecManager.whitelist). The next run checks again without a restart; `lectern gateway restart` makes one",
  });
}
