import pLimit from "p-limit";
import type { Clock } from "../resource/context/clock.ts";
import type { ProofSubject } from "./proof-subjects.ts";
import { type ProofResult, presentable } from "./result/proof-result.ts";
import {
  KernelEnded,
  type NotebookJob,
  type NotebookKernel,
  type NotebookOutcome,
  runNotebook,
} from "./run/run-notebook.ts";
import type { ProofStore } from "./store/proof-store.ts";

/** What is known of notebooks on images, and what has to be run. */
export interface ProofPlan {
  readonly known: readonly ProofResult[];
  readonly toRun: readonly ProofSubject[];
}

/** Looks every notebook up before anything is run. @throws {LecternError} where the store can't be asked */
export async function planProofs(subjects: readonly ProofSubject[], store: ProofStore): Promise<ProofPlan> {
  const byImage = Map.groupBy(subjects, ({ image }) => image);
  const found = await Promise.all(
    [...byImage].map(([image, some]) => store.find(image, [...new Set(some.map(({ key }) => key))])),
  );
  const results = new Map(found.flatMap((some) => [...some]));
  // A notebook of two courses is the same on one image: its result goes by each of their names.
  const known = subjects.flatMap(({ key, course, notebook, image }) => {
    const result = results.get(key);
    return result ? [{ ...result, course, notebook, image }] : [];
  });
  return { known, toRun: subjects.filter(({ key }) => !results.has(key)) };
}

/** Starts kernels for notebooks. */
export interface ProofKernels {
  /**
   * Works with a fresh kernel on the subject's image, which is ended afterwards, whatever happens.
   * @throws {LecternError} where it can't be started
   */
  use<T>(subject: ProofSubject, work: (kernel: NotebookKernel) => Promise<T>): Promise<T>;
}

/** What came of a notebook that was run elsewhere. */
export interface Ran {
  readonly outcome: NotebookOutcome;
  /** What it took there. @default the time that this run has waited for it */
  readonly seconds?: number;
  /** When another run has run it, which has kept the result. @default it has just been run, and is to be kept */
  readonly ranAt?: string;
  /** Frees what has the result, once it is kept. */
  readonly kept?: () => Promise<void>;
}

/** Runs notebooks as jobs of their own. */
export interface ProofJobs {
  /** @throws {LecternError} where it could not be run */
  run(subject: ProofSubject, job: NotebookJob): Promise<Ran>;
}

/** What runs notebooks: kernels, or jobs. */
export type ProofRunner = { readonly kernels: ProofKernels } | { readonly jobs: ProofJobs };

/** How notebooks are run. */
export type ProofRun = RunOptions & ProofRunner;

interface RunOptions {
  readonly store: ProofStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Notebooks at a time. @default 2 */
  readonly parallel?: number;
  readonly onStart?: (subject: ProofSubject) => void;
  readonly onResult?: (result: ProofResult, subject: ProofSubject) => void;
}

/** Kernels of a gateway that students use too. */
const PARALLEL = 2;

/**
 * Runs notebooks, each in a fresh kernel, and keeps each result as soon as there is one: what has ended is not run again,
 * whatever ends this run.
 * @throws {LecternError} where a notebook could not be run, once those that run have ended; no other is started then
 */
export async function runProofs(subjects: readonly ProofSubject[], run: ProofRun): Promise<ProofResult[]> {
  const limit = pLimit(run.parallel ?? PARALLEL);
  const byKey = Map.groupBy(subjects, ({ key }) => key);
  let stopped = false;
  const runs = [...byKey.values()].map((same) =>
    limit(async () => {
      const [first] = same;
      if (!first || stopped) return [];
      run.signal.throwIfAborted();
      try {
        const result = await proveOne(first, run);
        const named = same.map(({ course, notebook }) => ({ ...result, course, notebook }));
        for (const [index, one] of named.entries()) run.onResult?.(one, same[index] ?? first);
        return named;
      } catch (error) {
        stopped = true;
        throw error;
      }
    }),
  );
  const settled = await Promise.allSettled(runs);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return settled.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
}

async function proveOne(subject: ProofSubject, run: ProofRun): Promise<ProofResult> {
  run.onStart?.(subject);
  const { key, course, notebook, image } = subject;
  const job = await subject.job();
  const started = run.clock.now();
  const ran = "jobs" in run ? await run.jobs.run(subject, job) : await inKernel(subject, job, run);
  const ended = run.clock.now();
  const seconds = ran.seconds ?? (ended - started) / 1000;
  const result = await presentable({
    ...ran.outcome,
    key,
    course,
    notebook,
    image,
    seconds: Math.round(seconds * 10) / 10,
    ranAt: ran.ranAt ?? new Date(ended).toISOString(),
  });
  if (ran.ranAt === undefined) await run.store.keep(image, result);
  await ran.kept?.();
  return result;
}

const inKernel = async (
  subject: ProofSubject,
  job: NotebookJob,
  { kernels, clock }: RunOptions & { readonly kernels: ProofKernels },
): Promise<Ran> => ({
  outcome: await twice(() => kernels.use(subject, (kernel) => runNotebook(job, kernel, clock))),
});

/** Who restarts a gateway ends its kernels: only a notebook whose kernel ends again has failed. */
async function twice(attempt: () => Promise<NotebookOutcome>): Promise<NotebookOutcome> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof KernelEnded)) throw error;
  }
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof KernelEnded)) throw error;
    return error.outcome ?? { outcome: "failed", reason: `the kernel can't be prepared: ${error.message}` };
  }
}
