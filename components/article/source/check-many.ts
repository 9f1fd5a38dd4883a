import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { moduleBeside } from "../../module-beside.ts";
import type { Problem } from "../../problem/problem.ts";
import { readArticle } from "./read.ts";
import type { ArticleKind, Digest, ReadOptions } from "./types.ts";

/** An article to check. */
export interface ArticlePlace {
  readonly folder: string;
  readonly kind: ArticleKind;
}

/** What the check of one article gave: no content, so that a thousand of them take little memory. */
export interface Verdict {
  readonly place: ArticlePlace;
  /** Absent where an error forbids the article. */
  readonly fingerprint?: Digest;
  readonly problems: readonly Problem[];
}

/** How many threads check, and from when. */
export interface Effort {
  /** @default one a processor */
  readonly threads?: number;
  /** How long one thread checks alone before others are worth their start, in milliseconds. @default 150 */
  readonly patience?: number;
}

/** Fewer articles than this are not worth a thread's start. */
const FEWEST = 4;

/**
 * Checks articles and gives their verdicts in the order of the articles. A few are checked at once; for many,
 * other threads help, so that each processor has one. They get paths and give verdicts: contents stay where they
 * are read.
 */
export async function* checkArticles(
  places: readonly ArticlePlace[],
  options: ReadOptions = {},
  { threads = availableParallelism(), patience = 150 }: Effort = {},
): AsyncGenerator<Verdict> {
  const end = performance.now() + patience;
  let done = 0;
  for (const place of places) {
    if (threads > 1 && places.length - done >= FEWEST && performance.now() >= end) break;
    yield await checkOne(place, options);
    done += 1;
  }
  if (done < places.length) yield* checkTogether(places.slice(done), options, threads);
}

async function checkOne(place: ArticlePlace, options: ReadOptions): Promise<Verdict> {
  const { article, problems } = await readArticle(place.folder, place.kind, options);
  return { place, ...(article && { fingerprint: article.fingerprint }), problems };
}

/** What the threads share. Each takes the next article by itself, so that none waits for another. */
export interface Work {
  readonly places: readonly ArticlePlace[];
  readonly options: ReadOptions;
  /** The index of the next article that nobody has taken. */
  readonly next: Int32Array;
}

/** The verdict of an article, with its index. */
export type Checked = readonly [number, Verdict];

/** Takes one article after the other and checks it, until none is left. */
export async function checkShare(
  { places, options, next }: Work,
  give: (one: Checked) => void,
): Promise<void> {
  for (;;) {
    const index = Atomics.add(next, 0, 1);
    const place = places[index];
    if (!place) return;
    give([index, await checkOne(place, options)]);
  }
}

/** This thread checks too: it has all of the code loaded and compiled, which takes another one a while. */
async function* checkTogether(
  places: readonly ArticlePlace[],
  options: ReadOptions,
  threads: number,
): AsyncGenerator<Verdict> {
  const work: Work = { places, options, next: new Int32Array(new SharedArrayBuffer(4)) };
  const verdicts = places.map(() => Promise.withResolvers<Verdict>());
  // Who waits for a verdict hears of a failure; the others must not count as unhandled until then.
  for (const { promise } of verdicts) promise.catch(() => {});
  const give = ([index, verdict]: Checked) => verdicts[index]?.resolve(verdict);
  const fail = (error: unknown) => {
    for (const { reject } of verdicts) reject(error);
  };
  const workers = Array.from({ length: Math.min(threads, places.length) - 1 }, () =>
    start(work).on("message", give).on("error", fail),
  );
  checkShare(work, give).catch(fail);
  try {
    for (const { promise } of verdicts) yield await promise;
  } finally {
    Atomics.store(work.next, 0, places.length);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function start(work: Work): Worker {
  return new Worker(moduleBeside("./check-thread", import.meta.url), {
    workerData: work,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // Notebooks are short-lived: a small young generation keeps the threads' memory flat.
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 },
  });
}
