/* What another thread of check-many.ts runs. */
import { parentPort, workerData } from "node:worker_threads";
import { checkShare, type Work } from "./check-many.ts";

// What check-many.ts starts it with.
await checkShare(workerData as Work, (one) => parentPort?.postMessage(one));
