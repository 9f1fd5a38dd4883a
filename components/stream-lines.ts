import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";

/**
 * The lines of a stream that its other end may reset. The stream's own listeners deal with its errors: readline
 * repeats them, and an interface without a listener for them ends the process. Here it is closed.
 */
export function streamLines(input: Readable): Interface {
  const lines = createInterface({ input });
  return lines.on("error", () => lines.close());
}
