import { createRequire, Module } from "node:module";
import { Socket } from "node:net";

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

/**
 * Keeps the SDK from mapping its own stacks back to its sources. It takes a stack for each promise of
 * each resource, so the mapping is most of what a large program costs; the project's own files run
 * as they are written and need none.
 */
function withoutSourceMaps(): void {
  try {
    const sdk = createRequire(`${process.cwd()}/package.json`).resolve("@pulumi/pulumi/package.json");
    const require = createRequire(sdk);
    const path = require.resolve(SOURCE_MAPS);
    const empty = new Module(path);
    empty.loaded = true;
    require.cache[path] = empty;
  } catch {
    // An SDK that has no such module maps nothing.
  }
}

endWithEngine();
withoutSourceMaps();
