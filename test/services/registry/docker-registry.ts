import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import type { TokenService } from "./registry-tokens.ts";

/** A real Docker registry on loopback that is running. */
export interface DockerRegistry {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  stop(): Promise<void>;
}

/** How its users log in: by a line of a password file, as `htpasswd -B` writes it, or with tokens. */
export type DockerRegistryLogin = { readonly htpasswd: string } | { readonly tokens: TokenService };

/** Starts Debian's docker-registry with a folder and a configuration of its own. */
export async function startDockerRegistry(
  program: string,
  login?: DockerRegistryLogin,
): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-registry-"));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const config = join(folder, "config.yml");
  const auth = login ? { auth: await authentication(folder, login) } : {};
  await writeFile(
    config,
    stringify({
      version: 0.1,
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
      http: { addr: host, secret: "of this test alone" },
      ...auth,
    }),
  );
  const child = spawn(program, ["serve", config], { stdio: ["ignore", "ignore", "pipe"] });
  const said = collect(child);
  try {
    await answers(`http://${host}/v2/`, child, said);
  } catch (error) {
    await end(child, folder);
    throw error;
  }
  return { host, stop: () => end(child, folder) };
}

async function authentication(folder: string, login: DockerRegistryLogin): Promise<object> {
  if ("tokens" in login) {
    const { realm, service, issuer, certificate } = login.tokens;
    return { token: { realm, service, issuer, rootcertbundle: certificate } };
  }
  const path = join(folder, "htpasswd");
  await writeFile(path, `${login.htpasswd}\n`, { mode: 0o600 });
  return { htpasswd: { realm: "test", path } };
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (piece: Buffer) => {
    text = `${text}${piece}`.slice(-2000);
  });
  return () => text;
}

/** Waits until it answers, with whatever status; gives up where its process ends. */
async function answers(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}: ${said()}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response) return;
    await delay(50);
  }
  throw new Error(`docker-registry does not answer: ${said()}`);
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}

/** It can't be told to take any free port, so one is found for it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("a TCP server has a port");
  return address.port;
}
