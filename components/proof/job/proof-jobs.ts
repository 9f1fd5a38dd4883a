import { shortImage } from "../../image/reference.ts";
import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import type { ProofSubject } from "../proof-subjects.ts";
import type { ProofJobs, Ran } from "../prove.ts";
import type { NotebookJob, NotebookOutcome } from "../run/run-notebook.ts";
import type { ProofStore } from "../store/proof-store.ts";
import { deleteAbandoned } from "./abandoned-jobs.ts";
import { beginJob } from "./begin-job.ts";
import type { ProofCluster } from "./job-cluster.ts";
import { deadlineOf, type JobPlace, type Owner, START } from "./job-objects.ts";
import { brokenOff, outcomeOf } from "./job-outcome.ts";
import { FILES_LIMIT, jobPayload } from "./job-payload.ts";
import { type JobProgress, progressOf } from "./job-progress.ts";
import { readJobLog } from "./job-report.ts";

/** How a notebook is run on a hub's image. */
export interface JobOptions {
  readonly cluster: ProofCluster;
  readonly place: JobPlace;
  /** The cluster's name in the catalog. */
  readonly name: string;
  /** Where other runs keep their results. */
  readonly store: Pick<ProofStore, "find">;
  readonly context: Pick<ProviderContext, "clock" | "once" | "poll">;
}

/** Milliseconds between two looks at a Job. */
const PACE = { first: 1_000, slowest: 10_000 };

/**
 * Runs each notebook by a Job of a cluster. A Job that an earlier run has left is the notebook's own, as its name comes
 * from the proof's key: one that runs is waited for, and one that has ended is read. It is deleted once its result is
 * kept; who interrupts leaves it, for the next run.
 */
export function proofJobs(options: JobOptions): ProofJobs {
  const { name, place, cluster, context } = options;
  const { once, clock } = context;
  return {
    run: async (subject, job) => {
      await once(`the abandoned Jobs of ${name} ${place.namespace}`, () => deleteAbandoned(cluster, clock));
      // Two entries of images.yaml may recommend one image.
      return once(`the proof ${subject.key}`, () => runOne(subject, job, options));
    },
  };
}

async function runOne(subject: ProofSubject, job: NotebookJob, options: JobOptions): Promise<Ran> {
  if (job.files.reduce((sum, { content }) => sum + content.length, 0) > FILES_LIMIT)
    return { outcome: { outcome: "failed", reason: TOO_LARGE } };
  const parts = await jobPayload(job);
  const first = await attempt(subject, job, parts, options);
  if (first.ran) return first.ran;
  const known = await knownOf(subject, options);
  if (known) return known;
  // What an earlier run has left may have lost its log since.
  const { ran, why } = first.isOld ? await attempt(subject, job, parts, options) : first;
  if (!ran) throw notRun(subject, options, why);
  return ran;
}

/** What another run that has waited for the same Job has kept: it has deleted the Job then. */
async function knownOf({ image, key }: ProofSubject, { store }: JobOptions): Promise<Ran | undefined> {
  const found = await store.find(image, [key]).catch(() => undefined);
  const result = found?.get(key);
  return result && { outcome: result, seconds: result.seconds, ranAt: result.ranAt };
}

const TOO_LARGE = `the files of lecture.yaml have more than ${FILES_LIMIT / 2 ** 20} MiB together, which a Job on an image of hubs is not given; have the image bring large ones`;

type Attempt =
  | { readonly isOld: boolean; readonly ran: Ran; readonly why?: undefined }
  | { readonly isOld: boolean; readonly ran?: undefined; readonly why: string };

/** Runs a Job to its end. One without a result is deleted at once. */
async function attempt(
  subject: ProofSubject,
  job: NotebookJob,
  parts: readonly Uint8Array[],
  options: JobOptions,
): Promise<Attempt> {
  const { cluster } = options;
  const begun = await beginJob(subject, job, parts, options);
  if ("why" in begun) return { isOld: false, why: begun.why };
  const { owner, isOld } = begun;
  const end = await ended(owner, job, options);
  const ran = await result(end, subject, job, options);
  if (ran) return { isOld, ran: { ...ran, kept: () => cluster.deleteJob(owner) } };
  await cluster.deleteJob(owner);
  return { isOld, why: end.end.why };
}

type End = Extract<JobProgress, { state: "ended" }>;

/** Waits until a Job has ended, or never will. */
async function ended({ name, uid }: Owner, job: NotebookJob, { cluster, context }: JobOptions): Promise<End> {
  let last: JobProgress = { state: "waiting" };
  const limit = (deadlineOf(job) + 60) * 1000;
  const end = await context.poll<End>(
    async (waited) => {
      const found = await cluster.job(name);
      if (found?.metadata?.uid !== uid || found.metadata.deletionTimestamp)
        return endedBy("somebody has deleted the Job");
      const progress = progressOf(found, await cluster.pods(uid));
      if (progress.state === "ended")
        return isVague(progress) ? endedBy(whyOf(last) ?? progress.end.why) : progress;
      if (progress.state !== "waiting" || progress.why !== undefined) last = progress;
      if (progress.state === "running" || waited < START * 1000) return undefined;
      return endedBy((await whyNot(name, last, cluster)) ?? "its pod did not start");
    },
    { ...PACE, limit },
  );
  return end ?? endedBy((await whyNot(name, last, cluster)) ?? "it did not end in time");
}

const endedBy = (why: string): End => ({ state: "ended", end: { why, isNotebooks: false } });

/** Whether an end says nothing of what led to it: its pod is gone. */
const isVague = ({ pod }: End) => pod === undefined;

const whyOf = (progress: JobProgress) => (progress.state === "waiting" ? progress.why : undefined);

/** What a Job waits for, as its pod or else the cluster says. */
async function whyNot(name: string, last: JobProgress, cluster: ProofCluster): Promise<string | undefined> {
  const notes = await cluster.notes(name).catch(() => []);
  return whyOf(last) ?? notes.at(-1);
}

/** What came of the notebook; undefined where that is not known. */
async function result(
  { pod, end }: End,
  { key }: ProofSubject,
  job: NotebookJob,
  { cluster }: JobOptions,
): Promise<Ran | undefined> {
  const log = readJobLog((pod && (await cluster.log(pod))) ?? "", key);
  const outcome: NotebookOutcome | undefined = log.report && (await outcomeOf(job, log.report));
  if (log.report && outcome) return { outcome, seconds: log.report.seconds };
  return end.isNotebooks ? { outcome: brokenOff(job, log.cell, end.why) } : undefined;
}

function notRun(
  { course, notebook, image }: ProofSubject,
  { name, place }: JobOptions,
  why: string,
): LecternError {
  return new LecternError({
    code: "proof-not-run",
    severity: "error",
    message: `${course} ${notebook} can't be run on ${shortImage(image)} in the namespace ${place.namespace} of the cluster ${name}: ${why}`,
    remedy: "Correct the cause and deploy again, or set lectern:prove to warn or off for this stack",
  });
}
