import { isDeepStrictEqual } from "node:util";
import { formatProblem } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context.ts";
import type { Inputs, State } from "../../../resource/contract.ts";
import { provide } from "../../../resource/provide.ts";
import { PartialFailure } from "../../../resource/provider.ts";
import { clusterConfig } from "../../config.ts";
import { clusterReader, kubeConfigOf } from "./cluster-reader.ts";
import { prepullReadinessContract } from "./prepull-readiness-contract.ts";
import type { PrepullReport } from "./prepull-report.ts";
import { observePrepull, type PrepullReader, prepullReasons, waitForPrepull } from "./prepull-wait.ts";

type ReadinessInputs = Inputs<typeof prepullReadinessContract>;
type ReadinessState = State<typeof prepullReadinessContract>;

/** Milliseconds for which a pull may fail, while nothing else is on its way. */
const SETTLED = 45_000;

/**
 * Waits, as a step of a deployment of its own, until the nodes hold the images, and reports what they
 * don't hold. Changes nothing in the cluster: the DaemonSets do the work.
 */
export const prepullReadinessProvider = provide(prepullReadinessContract, {
  async diff({ daemonSets, ready }, wanted) {
    // What is unknown equals nothing.
    return { change: ready && isDeepStrictEqual(daemonSets, wanted.daemonSets) ? "none" : "update" };
  },

  async create(wanted, context) {
    const id = `${wanted.cluster}/prepull`;
    return { id, state: await waitUntilReady(id, wanted, context) };
  },

  update: (id, _state, wanted, context) => waitUntilReady(id, wanted, context),

  async read(_id, state, context) {
    const reader = await readerFor(state, context);
    return { ...state, ...summary(await observePrepull(state.daemonSets, reader)) };
  },
});

async function waitUntilReady(
  id: string,
  wanted: ReadinessInputs,
  context: ProviderContext,
): Promise<ReadinessState> {
  const { cluster, context: kubeContext, patience, daemonSets } = wanted;
  const reader = await readerFor(wanted, context);
  const limits = { readyTimeout: patience * 1000, settled: SETTLED };
  const report = await waitForPrepull(daemonSets, reader, limits, context, (message) =>
    context.report({ severity: "info", resource: id, message }),
  );
  for (const notice of report.notices)
    context.report({ severity: notice.severity, resource: id, message: formatProblem(notice) });
  const state = { cluster, context: kubeContext, daemonSets, ...summary(report) };
  if (!report.ready) throw new PartialFailure(id, state, prepullReasons(report));
  return state;
}

async function readerFor(
  { cluster, context: kubeContext }: Pick<ReadinessState, "cluster" | "context">,
  context: ProviderContext,
): Promise<PrepullReader> {
  const { kubeconfigs } = context.config({ kubeconfigs: clusterConfig.kubeconfigs });
  return clusterReader(cluster, await kubeConfigOf(cluster, kubeconfigs?.[cluster], kubeContext));
}

/** What the state keeps of a report: enough for a plan to show what is wrong. */
function summary({ ready, held, wanted, failures }: PrepullReport) {
  return {
    ready,
    held,
    wanted,
    failures: failures.map(({ node, image, reason }) => ({ node, image, reason })),
  };
}
