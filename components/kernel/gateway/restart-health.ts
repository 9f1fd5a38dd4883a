import { LecternError } from "../../problem/problem.ts";
import type { Host } from "../../resource/provider.ts";
import type { GatewayClient } from "./gateway-client.ts";
import type { RestartInputs } from "./restart-inputs.ts";

const UNTOLD = "how many kernels run there is not told (EG_LIST_KERNELS is off)";

/** Says, for a plan, whom a restart would disturb. */
export async function sayWhatRuns(client: GatewayClient, host: Host): Promise<void> {
  try {
    const running = await client.runningKernels();
    const what = running ? `would end ${kernels(running.length)}` : `is planned; ${UNTOLD}`;
    host.progress(`a restart of the gateway ${client.label} ${what}`);
  } catch (error) {
    host.progress(`warning: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Decides, as the policy says, whether the gateway may restart now; waits where it says so.
 * @throws {LecternError} where kernels run, or where it can't be known and the policy asks for it
 */
export async function awaitIdle(client: GatewayClient, inputs: RestartInputs, host: Host): Promise<void> {
  const { whenBusy, waitLimit } = inputs;
  const start = host.clock.now();
  let told = -1;
  for (;;) {
    const running = (await client.runningKernels())?.length;
    if (running !== undefined && running !== told) {
      host.progress(`the gateway ${client.label} runs ${kernels(running)}`);
      told = running;
    }
    if (running === 0) return;
    if (whenBusy === "restart") {
      if (running === undefined) host.progress(`the gateway ${client.label} restarts; ${UNTOLD}`);
      return;
    }
    if (running === undefined) throw busy(client, UNTOLD);
    if (whenBusy === "refuse") throw busy(client, `it runs ${kernels(running)}`);
    if (host.clock.now() - start >= waitLimit * 1000) {
      throw busy(client, `it still runs ${kernels(running)} after ${waitLimit} s`);
    }
    await host.clock.sleep(Math.min(5_000, waitLimit * 1000));
  }
}

/**
 * Waits until the gateway answers and lists every registered kernel.
 * @throws {LecternError} where it doesn't within `healthLimit`
 */
export async function awaitHealth(client: GatewayClient, inputs: RestartInputs, host: Host): Promise<void> {
  const names = inputs.registrations.map((id) => id.split("/")[1] ?? id);
  const start = host.clock.now();
  for (let pause = 200; ; pause = Math.min(pause * 2, 2_000)) {
    const missing = await missingFrom(client, names);
    if (missing === "") {
      host.progress(`the gateway ${client.label} answers, with ${kernels(names.length)} registered`);
      return;
    }
    if (host.clock.now() - start > inputs.healthLimit * 1000)
      throw unhealthy(client, missing, inputs.healthLimit);
    await host.clock.sleep(pause);
  }
}

/** What is wrong; empty where nothing is. */
async function missingFrom(client: GatewayClient, names: readonly string[]): Promise<string> {
  if (!(await client.healthy())) return "does not answer";
  try {
    const listed = new Set(await client.kernelspecNames());
    const missing = names.filter((name) => !listed.has(name));
    return missing.length === 0 ? "" : `does not list ${missing.join(", ")}`;
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
    remedy: "Run again when they ended, or set `whenBusy: restart` in lectern:gateways",
  });
}

function unhealthy(client: GatewayClient, what: string, limit: number): LecternError {
  return new LecternError({
    code: "gateway-unhealthy",
    severity: "error",
    message: `the gateway ${client.label} ${what}, ${limit} s after its restart`,
    remedy: "See the gateway's own log, and EG_ALLOWED_KERNELS; the next run only looks again",
  });
}
