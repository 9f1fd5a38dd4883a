import type { CatalogFacts, ProjectFacts } from "./catalog-facts.ts";
import { CalendarCauses } from "./changes/calendar-causes.ts";
import type { Cause } from "./changes/cause.ts";
import { Changes } from "./changes/changes.ts";
import { WideCauses } from "./changes/wide-causes.ts";
import type { DeploymentPlan, Jobs } from "./deployment-plan.ts";
import { ClusterJobs } from "./jobs/cluster-jobs.ts";
import { articleJobs, kernelJobs } from "./jobs/content-jobs.ts";
import { LABELS, labelsOf } from "./labels.ts";
import { stacksToRun } from "./stacks-to-run.ts";

export interface PlanInput {
  /** The changed paths, from the repository's root: what is added, modified and deleted, both sides of a renaming. */
  readonly changed: readonly string[];
  /** By changed path: those that it has, too, through symbolic links of the catalog. */
  readonly linked?: ReadonlyMap<string, readonly string[]>;
  /** All labels of the pull request. */
  readonly labels?: readonly string[];
  readonly catalog: CatalogFacts;
  readonly project: ProjectFacts;
}

const NOTHING: Jobs = { support: [], staging: [], prod: [], articles: [], kernels: [], images: [] };

/** What a change deploys, from the paths that it touches. It errs to the side of deploying. */
export function planDeployment(input: PlanInput): DeploymentPlan {
  const { changed, linked = new Map<string, readonly string[]>(), labels = [], catalog, project } = input;
  const used = new Set<string>();
  const deciding = labelsOf(labels);
  const all = jobsOf(
    new Changes([...changed, ...[...linked.values()].flat()]),
    deciding,
    catalog,
    project,
    used,
  );
  const jobs = withoutSkipped(all, deciding);
  const isUsed = (path: string) => [path, ...(linked.get(path) ?? [])].some((one) => used.has(one));
  return {
    version: 1,
    ...jobs,
    labels: deciding,
    untracked: [...new Set(changed)].filter((path) => !isUsed(path)).sort(),
    stacks: stacksToRun(jobs, project.stacks),
  };
}

function jobsOf(
  changes: Changes,
  labels: readonly string[],
  catalog: CatalogFacts,
  project: ProjectFacts,
  used: Set<string>,
): Jobs {
  const wide = new WideCauses(project, changes);
  const forcing = (label: string): Cause[] =>
    labels.includes(label) ? [{ text: `the label ${label}`, paths: [] }] : [];
  const forced = { support: forcing(LABELS.deploySupport), hubs: forcing(LABELS.deployHubs) };
  const why = { changes, wide, calendar: new CalendarCauses(catalog, changes) };
  const clusters = new ClusterJobs(catalog, why, used);
  for (const cluster of catalog.clusters) clusters.add(cluster, forced);
  return {
    support: clusters.support.jobs,
    staging: clusters.staging.jobs,
    prod: clusters.prod.jobs,
    articles: articleJobs(catalog, why, used),
    kernels: kernelJobs(catalog, changes, wide, used),
    images: clusters.images.jobs,
  };
}

/** Labels that skip take precedence over those that force. */
function withoutSkipped(jobs: Jobs, labels: readonly string[]): Jobs {
  if (labels.includes(LABELS.skipDeploy)) return NOTHING;
  return labels.includes(LABELS.skipHubs) ? { ...jobs, staging: [], prod: [] } : jobs;
}
