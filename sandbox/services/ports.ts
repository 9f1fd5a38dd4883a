import { randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

/** Below what systems give to outgoing connections, so that no such connection takes a kept port. */
const RANGE = { from: 20_000, to: 32_000 } as const;

/** The port of a service, and why it is not the one of the last run. */
export interface KeptPort {
  readonly port: number;
  /** The port of the last run, where another program listens on it now. */
  readonly taken?: number;
}

/** The port that a service had in the last run, so that links stay valid; another one if it is in use. */
export async function keptPort(folder: string): Promise<KeptPort> {
  const file = join(folder, "port");
  const kept = Number(await readFile(file, "utf8").catch(() => "0"));
  if (kept > 0 && (await isFree(kept))) return { port: kept };
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  await writeFile(file, String(port));
  return kept > 0 ? { port, taken: kept } : { port };
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(RANGE.from, RANGE.to);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer().once("error", () => resolve(false));
  probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  return promise;
}
