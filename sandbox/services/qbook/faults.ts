import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** The calls that a fault can be put on. */
const OPERATIONS = [
  "verify",
  "ingest",
  "replace",
  "status",
  "cancel",
  "deploy",
  "build",
  "catalogue",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/**
 * What can go wrong.
 * - `drop-reply`: the work is done, and the connection ends without an answer.
 * - `reset`: the connection ends before any work is done.
 * - `too-many`: 429 with `Retry-After`. `refuse`: 400, nothing is done. `echo`: 400 that repeats the key and the token.
 * - `error-before`, `error-after`: 500 without and with the work done.
 * - `slow`: the work is done, and the answer comes `delay` later.
 * - `malformed`: the work is done, and the answer is cut JSON.
 * - `html`: nothing is done, and the answer is a login page with status 200.
 * - `redirect`: the work is done, and the answer is a redirect with `status`.
 * - `processing-fails`: what was sent is taken, and can't be processed.
 * - `stale`: the status endpoint says `processed`, as before the content was sent, for `delay` after that.
 * - `failed-with-url`, `null-url`, `script-url`, `queued`, `stuck`: what the status endpoint says of an article.
 * - `build-failed`: a kernel's build fails.
 */
const FAULTS = [
  "drop-reply",
  "reset",
  "too-many",
  "refuse",
  "echo",
  "error-before",
  "error-after",
  "slow",
  "malformed",
  "html",
  "redirect",
  "processing-fails",
  "stale",
  "failed-with-url",
  "null-url",
  "script-url",
  "queued",
  "stuck",
  "build-failed",
] as const;

export const faultSchema = z.strictObject({
  on: z.enum(OPERATIONS),
  fault: z.enum(FAULTS),
  /** How often; without it, until it is taken away. */
  times: z.int().positive().optional(),
  /** Milliseconds, for `slow`, and for `stale`, which without it never ends. */
  delay: z.number().optional(),
  /** For `redirect`. @default 303 */
  status: z.int().optional(),
  /** Seconds, for `too-many`. */
  retryAfter: z.number().optional(),
});
export type Fault = z.output<typeof faultSchema>;

/** The faults of a stand-in: `faults.json` in its folder, which people and tests may edit while it runs. */
export class FaultFile {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "faults.json");
  }

  set(faults: readonly Fault[]): void {
    if (faults.length === 0) {
      rmSync(this.#path, { force: true });
      return;
    }
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(faults, null, 2)}\n`);
    renameSync(`${this.#path}.new`, this.#path);
  }

  all(): Fault[] {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch {
      return [];
    }
    return z.array(faultSchema).parse(JSON.parse(text));
  }

  /** The fault of this call, if it has one; one with `times` is used up. */
  take(on: Operation): Fault | undefined {
    const faults = this.all();
    const fault = faults.find((one) => one.on === on);
    if (fault?.times === undefined) return fault;
    const left = fault.times - 1;
    this.set(faults.flatMap((one) => (one !== fault ? [one] : left > 0 ? [{ ...one, times: left }] : [])));
    return fault;
  }
}
