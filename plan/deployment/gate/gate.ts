import type { DeploymentPlan, HeldHub, ProdHubJob } from "../deployment-plan.ts";
import { stacksToRun } from "../stacks-to-run.ts";
import { hubKey, type Results } from "./results.ts";

/**
 * Takes the production hubs out of a plan whose support or staging hubs have failed, or have no result. Clusters and hubs are
 * matched by their whole names.
 */
export function gatePlan(plan: DeploymentPlan, results: Results): DeploymentPlan {
  const held: HeldHub[] = [];
  const prod = plan.prod.filter((job) => {
    const reason = reasonToHold(job, plan, results);
    if (reason !== undefined) held.push({ cluster: job.cluster, hub: job.hub, reason });
    return reason === undefined;
  });
  const stacks = plan.stacks.prod.map((one) => ({ ...one, environment: "prod" as const }));
  return {
    ...plan,
    prod,
    stacks: { ...plan.stacks, prod: stacksToRun({ ...plan, prod }, stacks).prod },
    held: [...(plan.held ?? []), ...held],
  };
}

function reasonToHold(
  { cluster, provenBy }: ProdHubJob,
  plan: DeploymentPlan,
  results: Results,
): string | undefined {
  const ofStacks = stackResults(cluster, plan, results);
  if (plan.support.some((job) => job.cluster === cluster)) {
    const reason = failureOf(`the support of ${cluster}`, results.support.get(cluster) ?? ofStacks);
    if (reason !== undefined) return reason;
  }
  return provenBy
    .map((hub) => {
      const isPlanned = plan.staging.some((job) => job.cluster === cluster && job.hub === hub);
      // A stack's result is only about what the plan deployed with it.
      const ok = results.staging.get(hubKey(cluster, hub)) ?? (isPlanned ? ofStacks : undefined);
      return failureOf(`the staging hub ${cluster}/${hub}`, ok);
    })
    .find((reason) => reason !== undefined);
}

const failureOf = (what: string, ok: boolean | undefined) =>
  ok === undefined ? `${what} has no result` : ok ? undefined : `${what} failed`;

/** Whether all staging stacks that deploy a cluster succeeded; undefined where one has no result. */
function stackResults(cluster: string, plan: DeploymentPlan, results: Results): boolean | undefined {
  const own = plan.stacks.staging.filter(({ parts }) => parts.includes(`clusters/${cluster}`));
  const ended = own.map(({ stack }) => results.stacks.get(stack));
  if (ended.includes(false)) return false;
  return ended.length === 0 || ended.includes(undefined) ? undefined : true;
}
