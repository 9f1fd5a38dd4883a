import { Socket } from "node:net";

/**
 * Preloaded into the engine's child processes: ends them when the engine is gone, even when it was
 * killed. Else a provider would go on changing things of which no state is kept any more.
 */
const LEASH_DESCRIPTOR = 3;

const leash = new Socket({ fd: LEASH_DESCRIPTOR, readable: true, writable: false });
leash.on("error", () => process.exit(1));
leash.on("close", () => process.exit(1));
leash.resume();
leash.unref();
