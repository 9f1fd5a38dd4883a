import { execFile } from "node:child_process";
import { openTransport } from "../../components/kernel/hosts/transport/connections.ts";
import { type Clock, systemClock } from "../../components/resource/context/clock.ts";

/** What a program printed. `code` is 127 where there is no such program. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The outside of the doctor: everything that it looks at. */
export interface World {
  /** The project's folder, in which programs run. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: (program: string, ...args: string[]) => Promise<Ran>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly connect: typeof openTransport;
}

/** Milliseconds that a program may take. */
const LIMIT = 60_000;

/** This machine. */
export function thisWorld(root: string): World {
  return {
    root,
    environment: process.env,
    fetch: globalThis.fetch,
    clock: systemClock,
    connect: openTransport,
    run: (program, ...args) =>
      new Promise((resolve) => {
        const child = execFile(
          program,
          args,
          { cwd: root, timeout: LIMIT, maxBuffer: 2 ** 26 },
          (error, stdout, stderr) => resolve({ code: codeOf(error), stdout, stderr }),
        );
        // No program waits for an answer that nobody gives.
        child.stdin?.end();
      }),
  };
}

function codeOf(error: (Error & { code?: unknown }) | null): number {
  if (error === null) return 0;
  if (error.code === "ENOENT") return 127;
  return typeof error.code === "number" ? error.code : 1;
}
