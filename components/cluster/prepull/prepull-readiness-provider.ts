import { createHash } from "node:crypto";
import { formatProblem } from "../../problem/problem.ts";
import {
  type CustomResourceProvider,
  type Host,
  isUnknown,
  PartialFailure,
  type Properties,
} from "../../resource/provider.ts";
import { clusterReader, kubeConfigOf } from "./prepull-cluster.ts";
import { observePrepull, type PrepullReader, prepullReasons, waitForPrepull } from "./prepull-readiness.ts";
import type { PrepullReport } from "./prepull-report.ts";

/** Milliseconds for which a pull may fail, while nothing else is on its way. */
const SETTLED = 45_000;

/**
 * Waits, as a step of a deployment of its own, until the nodes hold the images, and says what they
 * don't hold. Changes nothing in the cluster: the DaemonSets do the work.
 */
export const prepullReadinessProvider: CustomResourceProvider = {
  async diff(_id, olds, news) {
    const asked = appliedBy(news);
    return { changes: isUnknown(news["daemonSets"]) || olds["applied"] !== asked || olds["ready"] !== true };
  },

  async create(inputs, host) {
    return {
      id: `${inputs["cluster"]}/prepull`,
      outs: await outcome(`${inputs["cluster"]}/prepull`, inputs, host),
    };
  },

  async update(id, _olds, news, host) {
    return { outs: await outcome(id, news, host) };
  },

  async read(id, props, host) {
    const reader = await readerFor(props, host);
    return { id, props: { ...props, ...said(await observePrepull(props["daemonSets"] ?? [], reader)) } };
  },
};

async function outcome(id: string, inputs: Properties, host: Host): Promise<Properties> {
  const reader = await readerFor(inputs, host);
  const patience = { limit: (inputs["patience"] ?? 600) * 1000, settled: SETTLED };
  const progress = (words: string) => host.progress(`${id}: ${words}`);
  const report = await waitForPrepull(inputs["daemonSets"], reader, patience, host.clock, progress);
  for (const notice of report.notices) host.progress(`${id}: ${formatProblem(notice)}`);
  const outs = { ...inputs, applied: appliedBy(inputs), ...said(report) };
  if (!report.ready) throw new PartialFailure(id, outs, prepullReasons(report));
  return outs;
}

async function readerFor({ cluster, context }: Properties, host: Host): Promise<PrepullReader> {
  return clusterReader(await kubeConfigOf(cluster, host.config("kubeconfigs"), context));
}

/** What the state keeps of a report: enough for a plan to say what is wrong. */
function said(report: PrepullReport): Properties {
  const { ready, held, wanted, failures } = report;
  return {
    ready,
    held,
    wanted,
    failures: failures.map(({ node, image, reason }) => ({ node, image, reason })),
  };
}

const appliedBy = (inputs: Properties) =>
  createHash("sha256")
    .update(JSON.stringify(inputs["daemonSets"] ?? []))
    .digest("hex");
