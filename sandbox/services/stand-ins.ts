import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { RawConfig } from "../configuration.ts";
import { type KeptPort, keptPort } from "./ports.ts";

/** What a stand-in offers to a run. It is plain data: the stand-in may run in another process. */
export interface Offer {
  readonly config: RawConfig;
  /** For people: what it is and its address. */
  readonly description: string;
}

/** A stand-in that runs in this process. */
interface StandIn {
  readonly offer: Offer;
  stop(): Promise<void>;
}

/** The stand-ins of one state folder in this process, each started once. */
export class StandIns {
  readonly #folder: string;
  readonly #started = new Map<string, Promise<StandIn>>();

  /** @param folder the state folder; each stand-in keeps its files in a folder of its name below it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What the stand-ins of these names offer; those that do not run are started. */
  async use(names: readonly string[]): Promise<Offer[]> {
    const settled = await Promise.allSettled(names.map((name) => this.#start(name)));
    return settled.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value.offer;
    });
  }

  async stop(): Promise<void> {
    const settled = await Promise.allSettled(this.#started.values());
    this.#started.clear();
    await Promise.all(settled.map((one) => (one.status === "fulfilled" ? one.value.stop() : undefined)));
  }

  #start(name: string): Promise<StandIn> {
    const running = this.#started.get(name) ?? start(join(this.#folder, name));
    this.#started.set(name, running);
    // The next run tries again.
    running.catch(() => this.#started.delete(name));
    return running;
  }
}

/** A folder's name says which stand-in it is of; each stack has a gateway of its own. */
function start(folder: string): Promise<StandIn> {
  const name = basename(folder);
  if (name === "qbook") return startApi(folder);
  if (name === "registry") return startImages(folder);
  if (/^gateway(-[a-z]+)?$/.test(name)) return startKernels(folder);
  return Promise.reject(new Error(`the sandbox has no stand-in ${JSON.stringify(name)}`));
}

async function startApi(folder: string): Promise<StandIn> {
  const { startQbook } = await import("./qbook/qbook.ts");
  const apiKey = await keptSecret(folder, "api-key");
  const kept = await keptPort(folder);
  const api = await startQbook({ folder, apiKey, port: kept.port });
  const { origin } = new URL(api.url);
  return {
    offer: {
      config: { "lectern:apiUrl": api.url, "lectern:apiKey": apiKey, "lectern:siteUrl": origin },
      description: `qBook     ${origin} (a stand-in)${moved(kept)}`,
    },
    stop: () => api.stop(),
  };
}

/** Serves the images that the example catalog names, in place of Docker Hub. */
async function startImages(folder: string): Promise<StandIn> {
  const { startRegistry } = await import("./registry/registry.ts");
  const { seedExample } = await import("./registry/example.ts");
  const kept = await keptPort(folder);
  const registry = await startRegistry({ folder, port: kept.port });
  await seedExample(registry);
  return {
    offer: {
      config: {
        "lectern:registries": JSON.stringify({ "docker.io": { endpoint: registry.url } }),
        "lectern:imageRepository": "docker.io/lectern/built",
      },
      description: `registry  ${registry.url} (a stand-in, for docker.io)${moved(kept)}`,
    },
    stop: () => registry.stop(),
  };
}

/** A real Enterprise Gateway if one is installed; its kernels are processes on this machine. */
async function startKernels(folder: string): Promise<StandIn> {
  const { startGateway } = await import("./gateway/gateway.ts");
  const token = await keptSecret(folder, "token");
  const kept = await keptPort(folder);
  const started = await startGateway({ folder, token, port: kept.port });
  const settings = {
    url: started.url,
    hosts: [{ local: true }],
    specsFolder: started.specsFolder,
    restart: { mode: "command", command: started.restartCommand },
    // Kernels are processes here, without a container engine, so images are not pulled.
    pull: "none",
    proxy: "local",
  };
  const kind = started.kind === "stand-in" ? "a stand-in" : "Jupyter Enterprise Gateway";
  return {
    offer: {
      config: { "lectern:gateways": JSON.stringify({ sandbox: settings }), "lectern:gatewayToken": token },
      description: `gateway   ${started.url} (${kind})${moved(kept)}`,
    },
    stop: () => started.stop(),
  };
}

function moved({ taken }: KeptPort): string {
  return taken === undefined ? "" : `; another program uses port ${taken}, so earlier links no longer open`;
}

/** A secret, generated once, that only its owner can read. */
async function keptSecret(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known) return known;
  await mkdir(folder, { recursive: true });
  const secret = randomBytes(24).toString("base64url");
  await writeFile(file, secret, { mode: 0o600 });
  return secret;
}
