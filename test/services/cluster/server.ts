import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** One server of the cluster, a child of the test. */
export interface Server {
  /** Ends it by its pid, and waits until it has ended. */
  stop(): Promise<void>;
}

export interface ServerStart {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Where its log goes, and its files. */
  readonly folder: string;
  /** A URL that answers 200 once it serves; without one, it is started and that is all. */
  readonly ready?: string;
}

const PATIENCE = 90_000;

/** Starts a server and waits until it serves. @throws with the end of its log where it doesn't */
export async function startServer({ name, program, args, folder, ready }: ServerStart): Promise<Server> {
  const log = join(folder, `${name}.log`);
  const output = openSync(log, "w");
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", output, output] });
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const server = { stop: () => end(child, ended) };
  const deadline = Date.now() + PATIENCE;
  while (ready !== undefined && !(await answers(ready))) {
    if (child.exitCode === null && child.pid !== undefined && Date.now() < deadline) {
      await pause(100);
      continue;
    }
    await server.stop();
    throw new Error(`${name} does not serve:\n${readFileSync(log, "utf8").slice(-2000)}`);
  }
  return server;
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null) child.kill("SIGTERM");
  // A server that doesn't hear, e.g. because what it talks to has ended before it.
  const last = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(last);
}

/** Whether a URL on loopback answers 200; nobody's certificate is asked there. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const get = url.startsWith("https:") ? getHttps : getHttp;
    const request = get(url, { rejectUnauthorized: false, agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}

/** Ports on loopback that nobody listened on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            if (address === null || typeof address === "string") reject(new Error("no port"));
            else resolve(address.port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
