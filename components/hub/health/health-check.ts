import { NoAnswer, request } from "../../http/request.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { hubApi, hubUrl } from "./hub-api.ts";
import { HubFault } from "./hub-fault.ts";
import type { Evidence } from "./hub-health-contract.ts";
import { type NamedNotebook, readNotebook, runNotebook } from "./notebook/run-notebook.ts";
import { type ServerKernels, serverKernels } from "./notebook/server-kernels.ts";
import { withTestServer } from "./test-server.ts";
import { type TimeLimit, timeLimit } from "./time-limit.ts";
import type { HubReader } from "./watch/hub-reader.ts";

/** How a hub is checked. */
export interface HealthCheck {
  /** The hub's address with its base path; without it, its endpoint is asked through the cluster. */
  readonly url?: string | undefined;
  /** The path that the hub serves below, as in the chart's values. */
  readonly basePath: string;
  /** Of a service of the hub. */
  readonly token?: string | undefined;
  readonly attempts: number;
  /** Seconds for all attempts. */
  readonly limit: number;
  readonly testUser: string;
  readonly notebook?: NamedNotebook | undefined;
  /** Takes secrets out of a text from outside. */
  readonly redact: (text: string) => string;
}

/** What a check talks to beside the hub. */
export interface CheckParts {
  readonly reader: HubReader;
  readonly kernels?: (server: URL, token: string) => ServerKernels;
  report(severity: "info" | "warning", message: string): void;
}

/** Milliseconds for one question to the endpoint. */
const ENDPOINT = 60_000;

/**
 * Checks a hub: its endpoint, and where there is a token, the server of a test user and a notebook in it.
 * What fails is tried again, in ever longer intervals, up to the number of attempts and as long as the limit is not reached.
 * @param proven is told what was proven, in each attempt from the start
 * @throws {HubFault} what the last attempt failed with
 */
export async function checkHub(
  check: HealthCheck,
  parts: CheckParts,
  context: ProviderContext,
  proven: (evidence: readonly Evidence[]) => void,
): Promise<void> {
  const limit = timeLimit(context.clock, check.limit * 1000);
  for (let attempt = 1; ; attempt++) {
    const failure = await attemptOnce(check, parts, context, limit, proven).catch((error: unknown) => error);
    if (failure === undefined) return;
    if (context.signal.aborted || !(failure instanceof HubFault)) throw failure;
    const pause = (check.limit * 1000 * 2 ** (attempt - 1)) / FIRST_PAUSE;
    if (failure.isFinal || attempt >= check.attempts || limit.left() <= pause) throw failure;
    const why = failure.problems.map(({ message }) => message.trimEnd()).join("; ");
    parts.report("info", `attempt ${attempt} of ${check.attempts} failed, trying again: ${why}`);
    await context.clock.sleep(pause, context.signal);
  }
}

/** The first pause between attempts is this part of the limit; each further one is twice as long. */
const FIRST_PAUSE = 20;

async function attemptOnce(
  check: HealthCheck,
  parts: CheckParts,
  context: ProviderContext,
  limit: TimeLimit,
  proven: (evidence: readonly Evidence[]) => void,
): Promise<undefined> {
  const evidence: Evidence[] = [];
  const add = (more: Evidence) => {
    evidence.push(more);
    proven([...evidence]);
  };
  proven([]);
  await askEndpoint(check, parts.reader, context, limit);
  add("endpoint");
  const { url, token, testUser: user, redact, notebook } = check;
  if (url === undefined || token === undefined) return undefined;
  // The notebook is read first: where it is missing, no server has to start.
  const cells = notebook && (await readNotebook(notebook));
  const place = { url, token, redact };
  const report = parts.report;
  const [working, stopping] = [hubApi(place, context, context.signal), hubApi(place, context)];
  await withTestServer({ user, working, stopping, limit, context, report }, async (server) => {
    add("server");
    if (!notebook || !cells) return;
    const address = new URL(server.url, url);
    const kernels = parts.kernels?.(address, token) ?? serverKernels(address, token, context, context.signal);
    await runNotebook(notebook.path, cells, kernels, limit);
    add("notebook");
  });
  return undefined;
}

async function askEndpoint(
  { url, basePath }: HealthCheck,
  reader: HubReader,
  context: ProviderContext,
  limit: TimeLimit,
): Promise<void> {
  const timeout = limit.forCall(ENDPOINT);
  const status =
    url === undefined
      ? await viaCluster(reader, basePath, timeout, context.signal)
      : await directly(hubUrl(url, "hub/health"), timeout, context);
  if (status === 200) return;
  const remedy =
    status === 401 || status === 403
      ? "Set `health.url`, or give the cluster's account the right to get services/proxy in the hub's namespace"
      : "See the log of the hub and its proxy for the cause, and check `health.url`";
  throw new HubFault(`the hub's health endpoint answered ${status}`, remedy);
}

async function directly(url: URL, timeout: number, context: ProviderContext): Promise<number> {
  const name = `GET ${url.host}${url.pathname}`;
  const policy = { name, timeout, idempotent: true, retries: 0, largest: 2 ** 20, signal: context.signal };
  try {
    return (await request(context, url, { redirect: "manual" }, policy)).status;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new HubFault(
      `the hub's health endpoint does not answer: ${error.message}`,
      "Check that the hub's proxy is running and its domain leads there, and `health.url`",
    );
  }
}

async function viaCluster(reader: HubReader, base: string, timeout: number, signal: AbortSignal) {
  try {
    return await reader.askHub(`${base.replace(/\/$/, "")}/hub/health`, timeout, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new HubFault(
      `the hub's health endpoint can't be asked through the cluster: ${why}`,
      "Set `health.url`",
    );
  }
}
