import { randomUUID, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

/** Where the process that runs a gateway can be asked to restart it: a file only its user reads. */
const FILE = "control.json";

/** Milliseconds. */
const RESTART_LIMIT = 90_000;

/** Serves requests for a restart on loopback, for {@link askForRestart}. */
export async function openControl(
  folder: string,
  restart: () => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  const key = randomUUID();
  const server = createServer((request, response) => {
    if (request.method !== "POST" || !sameKey(request.headers["x-control-key"], key)) {
      response.writeHead(403).end();
      return;
    }
    restart().then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null)
    throw new Error("the address of the gateway's control is not set");
  await mkdir(folder, { recursive: true });
  const file = join(folder, FILE);
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify({ url: `http://127.0.0.1:${address.port}/`, key }), { mode: 0o600 });
  return {
    close: async () => {
      await rm(file, { force: true });
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Restarts the gateway of a folder; resolves when it answers again. */
export async function askForRestart(folder: string): Promise<void> {
  const { url, key } = JSON.parse(await readFile(join(folder, FILE), "utf8")) as { url: string; key: string };
  const response = await fetch(url, {
    method: "POST",
    headers: { "x-control-key": key },
    signal: AbortSignal.timeout(RESTART_LIMIT),
  });
  if (!response.ok) throw new Error(`the gateway did not restart: ${await response.text()}`);
}

function sameKey(given: string | string[] | undefined, key: string): boolean {
  const one = Buffer.from(String(given));
  const other = Buffer.from(key);
  return one.length === other.length && timingSafeEqual(one, other);
}
