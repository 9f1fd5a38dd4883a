import { z } from "zod";
import { clusterConfig } from "../../cluster/config.ts";
import { kubeConfigOf } from "../../cluster/kube-config.ts";
import { digestOf } from "../../digest.ts";
import { formatProblem, LecternError } from "../../problem/problem.ts";
import { redaction } from "../../qbook/redaction.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { type Inputs, type Planned, type State, UNKNOWN } from "../../resource/contract.ts";
import { provide } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import { apiOf } from "../release/api/kubernetes-api.ts";
import { deployedRecord } from "../release/record/release-history.ts";
import { releaseTarget } from "../release/release-target.ts";
import { healthConfig } from "./config.ts";
import { basePathIn, valuesOf } from "./deployment.ts";
import { type CheckParts, checkHub } from "./health-check.ts";
import { type Evidence, hubHealthContract } from "./hub-health-contract.ts";
import { allTexts, maskTelling, secretTexts } from "./known-secrets.ts";
import { clusterHubReader } from "./watch/cluster-hub-reader.ts";
import type { HubReader } from "./watch/hub-reader.ts";
import { podBaseline, watchPods } from "./watch/watch-pods.ts";

type HealthInputs = Inputs<typeof hubHealthContract>;
type HealthState = State<typeof hubHealthContract>;

/** How a check reads the cluster of a hub. */
export type ReaderOf = (wanted: HealthInputs, context: ProviderContext) => Promise<HubReader>;

/** The provider over a way to read clusters. */
export const hubHealth = (readerOf: ReaderOf, kernels?: CheckParts["kernels"]) =>
  provide(hubHealthContract, {
    async diff(state, wanted, context) {
      if (wanted.held === true) return whileHeld(state, wanted, context);
      const isSame = state.healthy && state.change === wanted.change && state.checks === checksOf(wanted);
      return { change: isSame ? "none" : "update" };
    },
    async create(wanted, context) {
      const id = `${wanted.hub}/health`;
      const { lastHealthy, ...state } = await run(id, undefined, wanted, context, { readerOf, kernels });
      // What is deployed of a hub that is held is not what is wanted now.
      if (wanted.held) return { id, state: { ...state, change: "" } };
      return { id, state: lastHealthy === undefined ? state : { ...state, lastHealthy } };
    },
    async update(id, state, wanted, context) {
      // The engine updates what has failed, whatever the difference is.
      if (wanted.held) return state;
      return run(id, state, wanted, context, { readerOf, kernels });
    },
    // Somebody has uninstalled it: what is installed again was not checked.
    async read(_id, state, context) {
      const place = z.object(releaseTarget).safeParse(state).data;
      if (place === undefined) return state;
      return (await deployedRecord(await apiOf(place, context), place)) === undefined ? "gone" : state;
    },
  });

/** Checks hubs, as a step of a deployment of its own. */
export const hubHealthProvider = hubHealth(readCluster);

/** The hub does not change, so it is not checked again: a failure would be one of what nobody deploys. */
function whileHeld(
  { healthy }: HealthState,
  { hub }: Pick<Planned<typeof hubHealthContract>, "hub">,
  context: ProviderContext,
) {
  const message = `the hub ${String(hub)} is not healthy, and is not checked again while it is held`;
  if (!healthy) context.report({ severity: "warning", resource: `${String(hub)}/health`, message });
  return { change: "none" } as const;
}

/** A digest of what is checked; how patiently doesn't count. Undefined where something is not known yet. */
function checksOf({
  url,
  settle,
  testUser,
  notebook,
}: Pick<Planned<typeof hubHealthContract>, "url" | "settle" | "testUser" | "notebook">): string | undefined {
  const checks = [url ?? null, settle, testUser, notebook ?? null];
  return checks.includes(UNKNOWN) ? undefined : digestOf(JSON.stringify(checks));
}

/** What a check needs beside its inputs. */
interface Means {
  readonly readerOf: ReaderOf;
  readonly kernels: CheckParts["kernels"];
}

async function run(
  id: string,
  before: HealthState | undefined,
  wanted: HealthInputs,
  context: ProviderContext,
  { readerOf, kernels }: Means,
): Promise<HealthState> {
  const { token, redact } = secretsOf(wanted, context);
  const report: CheckParts["report"] = (severity, message) =>
    context.report({ severity, resource: id, message: redact(message) });
  let proven: readonly Evidence[] = [];
  try {
    const reader = await readerOf(wanted, context);
    const baseline = await podBaseline(reader, context);
    const check = { ...wanted, token, redact, basePath: basePathIn(valuesOf(wanted.deployment)) };
    const parts = { reader, report, ...(kernels ? { kernels } : {}) };
    if (token !== undefined && wanted.url === undefined) report("warning", NO_URL);
    if (token === undefined && wanted.notebook) report("warning", NO_TOKEN);
    await checkHub(check, parts, context, (evidence) => {
      proven = evidence;
    });
    if (baseline) {
      const settle = wanted.settle * 60_000;
      report("info", `watching the hub's pods for ${wanted.settle} minutes`);
      await watchPods({ reader, release: wanted.release, baseline, settle, report }, context);
      proven = [...proven, "settled"];
    } else {
      const what = `the pods of the namespace ${wanted.namespace} may not be listed`;
      report("warning", `${what}: restarts and failed starts of servers are not watched`);
    }
    return stateOf(wanted, before, true, proven, context);
  } catch (error) {
    const reasons = reasonsOf(wanted, error, context).map(redact);
    const state = stateOf(wanted, before, false, proven, context);
    if (!wanted.held) throw new PartialFailure(id, state, reasons);
    for (const reason of reasons) report("warning", reason);
    return state;
  }
}

const NO_URL =
  "the hub has a token in lectern:hubTokens and no address, so no server is started: set `health.url` or `domain`";
const NO_TOKEN = "the notebook is not executed, because lectern:hubTokens has no token for this hub";

function stateOf(
  { change, deployment, ...checks }: HealthInputs,
  before: HealthState | undefined,
  healthy: boolean,
  checked: readonly Evidence[],
  { clock }: ProviderContext,
): HealthState {
  const isAsBefore = before?.healthy === healthy && before.change === change;
  const lastHealthy = healthy ? deployment : before?.lastHealthy;
  return {
    ...z.object(releaseTarget).parse(checks),
    healthy,
    change,
    checks: checksOf(checks) ?? "",
    checked,
    since: isAsBefore ? before.since : new Date(clock.now()).toISOString(),
    ...(lastHealthy === undefined ? {} : { lastHealthy }),
  };
}

function reasonsOf({ hub }: HealthInputs, error: unknown, { signal }: ProviderContext): string[] {
  if (signal.aborted) return [`the check of the hub ${hub} was interrupted. The next deployment repeats it.`];
  const why =
    error instanceof LecternError
      ? error.problems.map(formatProblem)
      : [error instanceof Error ? error.message : String(error)];
  return why.map((reason) => `the hub ${hub} is not healthy: ${reason}`);
}

/** Secrets of hubs, of which only this one's are taken: none of them may be shown. */
const secretSlice = { ...healthConfig, hubSecrets: z.record(z.string(), z.unknown()).optional() };

function secretsOf({ hub, deployment }: HealthInputs, context: ProviderContext) {
  const { hubTokens = {}, hubSecrets = {} } = context.config(secretSlice);
  const texts = [
    ...Object.values(hubTokens),
    ...allTexts(hubSecrets[hub]),
    ...secretTexts(valuesOf(deployment)),
  ];
  const known = redaction(texts);
  return { token: hubTokens[hub], redact: (text: string) => maskTelling(known(text)) };
}

async function readCluster(wanted: HealthInputs, context: ProviderContext): Promise<HubReader> {
  const { kubeconfigs } = context.config({ kubeconfigs: clusterConfig.kubeconfigs });
  const config = await kubeConfigOf(wanted, kubeconfigs?.[wanted.cluster]);
  return clusterHubReader(config, wanted.namespace);
}
