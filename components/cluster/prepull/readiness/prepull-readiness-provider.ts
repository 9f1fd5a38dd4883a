import { isDeepStrictEqual } from "node:util";
import { registryClient } from "../../../image/registry/registry-client.ts";
import { formatProblem } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import type { Inputs, State } from "../../../resource/contract.ts";
import { provide } from "../../../resource/provide.ts";
import { PartialFailure } from "../../../resource/provider.ts";
import { clusterConfig } from "../../config.ts";
import { kubeConfigOf } from "../../kube-config.ts";
import { clusterReader } from "./cluster-reader.ts";
import { havePlatforms, mismatches } from "./platforms.ts";
import { prepullReadinessContract } from "./prepull-readiness-contract.ts";
import { prepullReasons } from "./prepull-reasons.ts";
import type { PrepullReport } from "./prepull-report.ts";
import { observePrepull, type PrepullReader, waitForPrepull } from "./prepull-wait.ts";
import { isTolerable, type Tolerance } from "./tolerance.ts";

type ReadinessInputs = Inputs<typeof prepullReadinessContract>;
type ReadinessState = State<typeof prepullReadinessContract>;

/** Milliseconds for which a pull may fail, while nothing else is on its way. */
const SETTLED = 45_000;

/**
 * Waits, as a step of a deployment of its own, until the nodes hold the images, and reports what they
 * don't hold. Changes nothing in the cluster: the DaemonSets do the work.
 */
export const prepullReadinessProvider = provide(prepullReadinessContract, {
  async diff({ daemonSets, ready, held, wanted: all, tolerated }, wanted) {
    const isTolerated = held === all || tolerated === wanted.tolerated;
    // What is unknown equals nothing.
    const isSame = ready && isTolerated && isDeepStrictEqual(daemonSets, wanted.daemonSets);
    return { change: isSame ? "none" : "update" };
  },

  async create(wanted, context) {
    const id = `${wanted.cluster}/prepull`;
    return { id, state: await waitUntilReady(id, wanted, context) };
  },

  update: (id, _state, wanted, context) => waitUntilReady(id, wanted, context),

  async read(_id, state, context) {
    const reader = await readerFor(state, context);
    const unsuited = await platformCheck(state.daemonSets, reader, context);
    const report = await observePrepull(state.daemonSets, reader, { unsuited });
    return { ...state, ...summary(report, state.tolerated) };
  },
});

async function waitUntilReady(
  id: string,
  wanted: ReadinessInputs,
  context: ProviderContext,
): Promise<ReadinessState> {
  const { cluster, context: kubeContext, kubeconfig, patience, daemonSets, tolerated } = wanted;
  const reader = await readerFor(wanted, context);
  const limits = { readyTimeout: patience * 1000, settled: SETTLED, tolerated };
  const progress = (message: string) => context.report({ severity: "info", resource: id, message });
  const unsuited = await platformCheck(daemonSets, reader, context);
  const report = await waitForPrepull(daemonSets, reader, limits, context, progress, unsuited);
  for (const notice of report.notices)
    context.report({ severity: notice.severity, resource: id, message: formatProblem(notice) });
  const place = { cluster, context: kubeContext, kubeconfig };
  const state = { ...place, daemonSets, tolerated, ...summary(report, tolerated) };
  const reasons = prepullReasons(report);
  if (!state.ready) throw new PartialFailure(id, state, reasons);
  for (const reason of reasons)
    context.report({ severity: "warning", resource: id, message: `tolerated: ${reason}` });
  return state;
}

/**
 * Compares images with the nodes that are to hold them. Where nodes or a registry can't be asked, or not in time, it
 * finds nothing: then only what nodes report is known.
 * @returns why a node can't run an image
 */
async function platformCheck(
  daemonSets: ReadinessInputs["daemonSets"],
  reader: PrepullReader,
  context: ProviderContext,
): Promise<(node: string, image: string) => string | undefined> {
  const found = new Map<string, string>();
  const look = async () => {
    const nodes = await reader.nodes();
    if (!nodes || !havePlatforms(nodes)) return;
    const compared = mismatches(daemonSets, nodes, registryClient(context)).catch(() => []);
    const late = context.clock.sleep(PLATFORMS, context.signal).then(() => []);
    for (const { node, image, message } of await Promise.race([compared, late]))
      found.set(`${node} ${image}`, message);
  };
  await look().catch(() => {});
  return (node, image) => found.get(`${node} ${image}`);
}

async function readerFor(
  { cluster, context: kubeContext, kubeconfig }: Pick<ReadinessState, "cluster" | "context" | "kubeconfig">,
  context: ProviderContext,
): Promise<PrepullReader> {
  const { kubeconfigs } = context.config({ kubeconfigs: clusterConfig.kubeconfigs });
  return clusterReader(
    cluster,
    await kubeConfigOf({ cluster, context: kubeContext, kubeconfig }, kubeconfigs?.[cluster]),
  );
}

/** Milliseconds for what registries say of images' platforms. */
const PLATFORMS = 20_000;

/** Failures that the state keeps. */
const KEPT = 50;

/** What the state keeps of a report: enough for a plan to show what is wrong. */
function summary(report: PrepullReport, tolerated: Tolerance | undefined) {
  const { held, wanted, failures } = report;
  return {
    ready: report.ready || isTolerable(report, tolerated),
    held,
    wanted,
    failures: failures.slice(0, KEPT).map(({ node, image, reason }) => ({ node, image, reason })),
  };
}
