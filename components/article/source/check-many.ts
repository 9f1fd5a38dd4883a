import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
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
 * one thread a processor takes over, which gets paths and gives verdicts: contents stay where they are read.
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
  if (done < places.length) yield* checkOnThreads(places.slice(done), options, threads);
}

/** Checks one article here. */
export async function checkOne(place: ArticlePlace, options: ReadOptions): Promise<Verdict> {
  const { article, problems } = await readArticle(place.folder, place.kind, options);
  return { place, ...(article && { fingerprint: article.fingerprint }), problems };
}

async function* checkOnThreads(
  places: readonly ArticlePlace[],
  options: ReadOptions,
  threads: number,
): AsyncGenerator<Verdict> {
  const queue = [...places.entries()].reverse();
  const verdicts = places.map(() => Promise.withResolvers<Verdict>());
  // Who waits for a verdict hears of a failure; the others must not count as unhandled until then.
  for (const { promise } of verdicts) promise.catch(() => {});
  const workers = Array.from({ length: Math.min(threads, places.length) }, () => start(options));
  const running = workers.map((worker) => serve(worker, queue, verdicts));
  try {
    for (const { promise } of verdicts) yield await promise;
    await Promise.all(running);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function start(options: ReadOptions): Worker {
  const cache = getCompileCacheDir();
  return new Worker(new URL("./check-thread.ts", import.meta.url), {
    workerData: options,
    // A thread loads what this process compiled before, but only if its own environment says where.
    ...(cache !== undefined && { env: { ...process.env, NODE_COMPILE_CACHE: dirname(cache) } }),
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // Notebooks are short-lived: a small young generation keeps the threads' memory flat.
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 },
  });
}

/** Gives a thread one article after the other until none is left. */
async function serve(
  worker: Worker,
  queue: [number, ArticlePlace][],
  verdicts: readonly PromiseWithResolvers<Verdict>[],
): Promise<void> {
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [index, place] = next;
    try {
      worker.postMessage(place);
      const [verdict] = (await once(worker, "message")) as [Verdict]; // what check-thread.ts posts
      verdicts[index]?.resolve(verdict);
    } catch (error) {
      verdicts[index]?.reject(error);
      for (const [left] of queue.splice(0)) verdicts[left]?.reject(error);
    }
  }
}
