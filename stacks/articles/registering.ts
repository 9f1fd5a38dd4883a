import pLimit, { type LimitFunction } from "p-limit";

/** How many articles may be created at the same time: so many at most, and not more than the engine does at once. */
export function creationLimit(wanted: number, environment: NodeJS.ProcessEnv = process.env): LimitFunction {
  // The SDK sets it from the engine's --parallel.
  const parallel = Number(environment["PULUMI_NODEJS_PARALLEL"] ?? Number.POSITIVE_INFINITY);
  return pLimit(Math.max(1, Math.min(wanted, parallel || Number.POSITIVE_INFINITY)));
}

/**
 * Runs `act` by itself. The SDK keeps the whole call stack of each registration in the state, with every caller
 * that awaits it: a third of an article's bytes.
 */
export function fromShallowStack<T>(act: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(act());
      } catch (error) {
        reject(error);
      }
    });
  });
}
