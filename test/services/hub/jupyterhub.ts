import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { freePorts } from "../cluster/server.ts";
import { findJupyterHub } from "../require.ts";

const PROXY = join(
  import.meta.dirname,
  "../../../node_modules/configurable-http-proxy/bin/configurable-http-proxy",
);

/** The program of a hub, where its proxy is there too. */
export const findHub = (): string | undefined => (existsSync(PROXY) ? findJupyterHub() : undefined);

/** A real JupyterHub with its proxy on loopback, whose servers are local processes. */
export interface HubService {
  /** With the base path. */
  readonly url: string;
  /** Of a service with the scopes that a check needs, and no more. */
  readonly token: string;
  /** What the hub, its proxy and its services have printed. */
  log(): string;
  /** Calls the hub's REST API as an administrator. @param path below `hub/api/` */
  call(method: string, path: string, body?: object): Promise<Response>;
  /** How servers start from now on; `never`: they don't become ready. */
  spawnAs(mode: "ready" | "fails" | "never"): void;
  /** A token of another user that may do everything. @returns the token, and what revokes it */
  issueToken(): Promise<{ token: string; revoke(): Promise<void> }>;
  /** Whether the server of a user runs or starts. */
  hasServer(user: string): Promise<boolean>;
  startServer(user: string): Promise<void>;
  stopServer(user: string): Promise<void>;
  /** Has the hub answer nothing until {@link resume}. */
  freeze(): void;
  resume(): void;
  /** Ends the hub with its proxy and its servers, and removes its files. */
  stop(): Promise<void>;
}

const PATIENCE = 90_000;
const userModel = z.object({ servers: z.record(z.string(), z.unknown()).default({}) });
const tokenModel = z.object({ token: z.string(), id: z.string() });

/**
 * @param program `jupyterhub`
 * @param more a configuration file that is loaded after the hub's own, and variables for it
 */
export async function startHub(
  program: string,
  more?: { readonly config: string; readonly variables: Readonly<Record<string, string>> },
): Promise<HubService> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-hub-"));
  const [port = 0, internal = 0, proxy = 0] = await freePorts(3);
  const url = `http://127.0.0.1:${port}/base/`;
  const [token, admin] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
  const spawnAs: HubService["spawnAs"] = (mode) => writeFileSync(join(folder, "spawn"), mode);
  spawnAs("ready");
  const child = startProcess(program, folder, {
    LECTERN_HUB_FOLDER: folder,
    LECTERN_HUB_URL: url,
    LECTERN_HUB_INTERNAL_URL: `http://127.0.0.1:${internal}`,
    LECTERN_HUB_PROXY_API: `http://127.0.0.1:${proxy}`,
    LECTERN_HUB_NODE: process.execPath,
    LECTERN_HUB_PROXY: PROXY,
    LECTERN_HUB_TOKEN: token,
    LECTERN_HUB_ADMIN: admin,
    ...more?.variables,
    ...(more && { LECTERN_HUB_MORE: more.config }),
  });
  const stop = () => end(child, folder);
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const headers = { authorization: `token ${admin}` };
    return fetch(`${url}hub/api/${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  };
  const servers = async (user: string): Promise<object> => {
    const response = await call("GET", `users/${user}`);
    if (response.status === 404) return {};
    return userModel.parse(await response.json()).servers;
  };
  await untilHealthy(child, `${url}hub/health`, folder).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url,
    token,
    log: () => readFileSync(join(folder, "hub.log"), "utf8"),
    call,
    spawnAs,
    issueToken: async () => {
      await call("POST", "users/operator", { admin: true });
      const response = await call("POST", "users/operator/tokens");
      const issued = tokenModel.parse(await response.json());
      return {
        token: issued.token,
        revoke: async () => void (await call("DELETE", `users/operator/tokens/${issued.id}`)),
      };
    },
    hasServer: async (user) => Object.keys(await servers(user)).length > 0,
    startServer: async (user) => {
      await call("POST", `users/${user}`);
      await call("POST", `users/${user}/server`);
    },
    stopServer: async (user) => {
      await call("DELETE", `users/${user}/server`);
      while (Object.keys(await servers(user)).length > 0) await pause(200);
    },
    freeze: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    stop,
  };
}

function startProcess(program: string, folder: string, env: Readonly<Record<string, string>>): ChildProcess {
  const output = openSync(join(folder, "hub.log"), "w");
  const config = join(import.meta.dirname, "jupyterhub_config.py");
  // The hub finds the program of its users' servers on the PATH.
  const path = [join(program, ".."), process.env.PATH].join(delimiter);
  const child = spawn(program, ["-f", config], {
    cwd: folder,
    env: { ...process.env, ...env, PATH: path },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  return child;
}

async function untilHealthy(child: ChildProcess, url: string, folder: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  const isHealthy = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isHealthy())) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline)
      throw new Error(
        `the hub does not serve:\n${readFileSync(join(folder, "hub.log"), "utf8").slice(-3000)}`,
      );
    await pause(200);
  }
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.pid !== undefined) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    const last = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await ended;
    clearTimeout(last);
  }
  rmSync(folder, { recursive: true, force: true });
}
