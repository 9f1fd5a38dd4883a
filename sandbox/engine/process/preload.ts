import { createRequire, Module } from "node:module";
import { Socket } from "node:net";
import { surviveInterruption } from "../../../components/resource/context/process-context.ts";

// Preloaded into the engine's child processes.

/** Of the SDK's own dependencies, not of ours. */
const SOURCE_MAPS = "source-map-support/register";

/** The pipe whose other end the engine holds. */
const LEASH = 3;

/**
 * Ends the process when the engine is gone, even when it was killed. Else a provider would go on
 * changing things of which no state is kept any more.
 */
function endWithEngine(): void {
  const leash = new Socket({ fd: LEASH, readable: true, writable: false });
  leash.on("error", () => process.exit(1));
  leash.on("close", () => process.exit(1));
  leash.resume();
  leash.unref();
}

/** Requires a module as the project's SDK does. */
const sdk = () =>
  createRequire(createRequire(`${process.cwd()}/package.json`).resolve("@pulumi/pulumi/package.json"));

/**
 * Keeps the SDK from mapping its own stacks back to its sources. It takes a stack for each promise of
 * each resource, so the mapping is most of what a large program costs; the project's own files run
 * as they are written and need none.
 */
function withoutSourceMaps(): void {
  const path = sdk().resolve(SOURCE_MAPS);
  const empty = new Module(path);
  empty.loaded = true;
  sdk().cache[path] = empty;
}

/**
 * Keeps the SDK from logging its own internals to the engine. It sends a dozen lines of them for each
 * resource, one after the other, and ends only when all have arrived; the engine shows none.
 */
function withoutDebugLog(): void {
  const log = sdk()("./log/index.js") as { debug: () => Promise<void> };
  log.debug = async () => {};
}

/**
 * Keeps the SDK from taking a stack for each promise of each resource: it would show one only of a
 * promise that never ends.
 */
function withoutPromiseStacks(): void {
  const debuggable = sdk()("./runtime/debuggable.js") as { debuggablePromise: Wrap };
  const wrap = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return wrap(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

type Wrap = (promise: Promise<unknown>, context: unknown) => Promise<unknown>;

endWithEngine();
// Before the first custom resource is known: an interruption may come while its kind is still loaded.
surviveInterruption();
for (const spare of [withoutSourceMaps, withoutDebugLog, withoutPromiseStacks]) {
  try {
    spare();
  } catch {
    // An SDK that is made otherwise runs as it is, and slower.
  }
}
