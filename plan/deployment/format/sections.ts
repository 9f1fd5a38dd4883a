import type { DeploymentPlan, HubJob, ImageJob, Jobs } from "../deployment-plan.ts";

/** A job as people read it. */
interface Row {
  readonly what: string;
  readonly why: readonly string[];
}

export interface Section {
  readonly title: string;
  /** What its rows are. */
  readonly noun: string;
  readonly rows: readonly Row[];
}

const removed = ({ removed }: { readonly removed?: true }) => (removed ? ["removed"] : []);
const hubName = ({ cluster, hub }: HubJob) => `${cluster}/${hub}`;
const imageName = ({ name }: ImageJob) =>
  name.startsWith("clusters/") ? `those of the cluster ${name.slice("clusters/".length)}` : name;

/** The jobs of a plan by kind, in the order in which they are deployed; without kinds that have none. */
export function sectionsOf(jobs: Jobs): Section[] {
  const all: Section[] = [
    {
      title: "Images",
      noun: "Image",
      rows: jobs.images.map((job) => ({ what: imageName(job), why: [...job.reasons, ...removed(job)] })),
    },
    {
      title: "Kernels",
      noun: "Kernel",
      rows: jobs.kernels.map((job) => ({ what: job.name, why: [...job.reasons, ...removed(job)] })),
    },
    {
      title: "Courses and blogs",
      noun: "Article",
      rows: jobs.articles.map((job) => ({
        what: `${job.type} ${job.slug}`,
        why: [...job.reasons, ...removed(job)],
      })),
    },
    {
      title: "Support",
      noun: "Cluster",
      rows: jobs.support.map((job) => ({ what: job.cluster, why: [...job.reasons, ...removed(job)] })),
    },
    {
      title: "Staging",
      noun: "Hub",
      rows: jobs.staging.map((job) => ({ what: hubName(job), why: [...job.reasons, ...removed(job)] })),
    },
    {
      title: "Production",
      noun: "Hub",
      rows: jobs.prod.map((job) => ({
        what: hubName(job),
        why: [...job.reasons, ...removed(job), ...proof(job.provenBy, job.removed)],
      })),
    },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

const proof = (provenBy: readonly string[], isRemoved: boolean | undefined) =>
  isRemoved
    ? []
    : [provenBy.length === 0 ? "nothing proves it" : `proven by ${provenBy.join(", ")} of its cluster`];

/** Why a plan has no jobs. */
export function whyNothing({ labels, untracked }: DeploymentPlan): string {
  const skipping = labels.filter((label) => label.includes(":skip-"));
  if (skipping.length > 0) return `the label ${skipping.join(", ")}`;
  if (untracked.length === 0) return "no file changed";
  if (untracked.length > 1) return `none of the ${untracked.length} changed files is an input of anything`;
  return `${untracked[0]} is no input of anything`;
}
