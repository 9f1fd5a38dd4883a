/* The thread's side of check-many.ts: a place comes, a verdict goes. */
import { parentPort, workerData } from "node:worker_threads";
import { type ArticlePlace, checkOne } from "./check-many.ts";
import type { ReadOptions } from "./types.ts";

parentPort?.on("message", async (place: ArticlePlace) => {
  parentPort?.postMessage(await checkOne(place, workerData as ReadOptions)); // what check-many.ts starts it with
});
