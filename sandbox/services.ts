import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { LecternError } from "../components/problem/problem.ts";
import type { RawConfig } from "./configuration.ts";
import type { Adapter } from "./engine/provider/adapter.ts";
import type { SandboxOptions } from "./options.ts";

/** The services that a run uses, and the configuration that connects it to them. */
export interface Services {
  readonly config: RawConfig;
  /** Full names of the keys in `config` that are secrets. */
  readonly secretKeys: readonly string[];
  /** The adapters for resources of other packages, by package; see the engine. */
  readonly adapters: Readonly<Record<string, () => Promise<Adapter>>>;
  /** One line per service, for people: what it is and its address. */
  readonly descriptions: readonly string[];
  stop(): Promise<void>;
}

/** Starts the stand-ins: each listens on loopback and keeps its files below `folder`. */
export async function startServices(
  folder: string,
  catalog: string,
  options: Pick<SandboxOptions, "stack" | "api">,
): Promise<Services> {
  const registryFolder = join(folder, "registry");
  // Staging and prod have their own gateways, as on a real engine.
  const gatewayFolder = join(folder, options.stack === "sandbox" ? "gateway" : `gateway-${options.stack}`);
  // A service that an earlier run used starts again: its resources may have to be deleted.
  const anyOf = (...paths: string[]) => paths.some((path) => existsSync(path));
  const kernels = join(catalog, "kernels");
  const starting = [
    options.api ? givenApi(options.api) : standInApi(join(folder, "qbook")),
    ...(anyOf(registryFolder, kernels, join(catalog, "clusters")) ? [standInRegistry(registryFolder)] : []),
    ...(anyOf(gatewayFolder, kernels) ? [gateway(gatewayFolder)] : []),
    ...(anyOf(join(catalog, "clusters")) ? [renderedClusters(join(catalog, "clusters"), folder)] : []),
  ];
  const settled = await Promise.allSettled(starting);
  const services = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const stop = async () => {
    await Promise.all(services.map((service) => service.stop()));
  };
  const failed = settled.find((one) => one.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    config: Object.assign({}, ...services.map(({ config }) => config)),
    secretKeys: ["lectern:apiKey", "lectern:gatewayToken"],
    adapters: Object.assign({}, ...services.map(({ adapters }) => adapters ?? {})),
    descriptions: services.map(({ description }) => description),
    stop,
  };
}

interface Service {
  readonly config: RawConfig;
  readonly adapters?: Services["adapters"];
  readonly description: string;
  stop(): Promise<void>;
}

async function standInApi(folder: string): Promise<Service> {
  const { startQbook } = await import("./services/qbook/qbook.ts");
  const apiKey = await keptSecret(folder, "api-key");
  const api = await startQbook({ folder, apiKey, port: await keptPort(folder) });
  await keepPort(folder, api.url);
  return {
    config: { "lectern:apiUrl": api.url, "lectern:apiKey": apiKey },
    description: `qBook     ${new URL(api.url).origin} (a stand-in)`,
    stop: () => api.stop(),
  };
}

/** Serves the images that the example catalog names, in place of Docker Hub. */
async function standInRegistry(folder: string): Promise<Service> {
  const { startRegistry } = await import("./services/registry/registry.ts");
  const { seedExample } = await import("./services/registry/example.ts");
  const { standInBuilds } = await import("./services/registry/builds.ts");
  const registry = await startRegistry({ folder, port: await keptPort(folder) });
  await keepPort(folder, registry.url);
  await seedExample(registry);
  return {
    config: {
      "lectern:registries": JSON.stringify({ "docker.io": { endpoint: registry.url } }),
      "lectern:imageRepository": "docker.io/lectern/built",
    },
    adapters: { docker: async () => standInBuilds(registry.store) },
    description: `registry  ${registry.url} (a stand-in, for docker.io)`,
    stop: () => registry.stop(),
  };
}

/** A real Enterprise Gateway if one is installed; its kernels are processes on this machine. */
async function gateway(folder: string): Promise<Service> {
  const { startGateway } = await import("./services/gateway/gateway.ts");
  const token = await keptSecret(folder, "token");
  const port = await keptPort(folder);
  const started = await startGateway({ folder, token, ...(port === 0 ? {} : { port }) });
  await keepPort(folder, started.url);
  const settings = {
    url: started.url,
    hosts: [{ local: true }],
    specsFolder: started.specsFolder,
    restart: { mode: "command", command: started.restartCommand },
    // Kernels are processes here, without a container engine, so images are not pulled.
    pull: "none",
    proxy: "local",
  };
  return {
    config: { "lectern:gateways": JSON.stringify({ sandbox: settings }), "lectern:gatewayToken": token },
    description: `gateway   ${started.url} (${started.kind === "stand-in" ? "a stand-in" : "Jupyter Enterprise Gateway"})`,
    stop: () => started.stop(),
  };
}

/** Manifests are written to files, as there is no cluster; there are no nodes to wait for. */
async function renderedClusters(clusters: string, folder: string): Promise<Service> {
  const names = (await readdir(clusters, { withFileTypes: true })).filter(
    // As the catalog leaves folders out.
    (entry) => entry.isDirectory() && !/^[._]/.test(entry.name),
  );
  const settings = Object.fromEntries(names.map(({ name }) => [name, { patience: 0 }]));
  return {
    config: { "lectern:clusters": JSON.stringify(settings) },
    description: `clusters  manifests are rendered to ${relative(process.cwd(), join(folder, "state/rendered"))}`,
    stop: async () => {},
  };
}

async function givenApi(url: string): Promise<Service> {
  const problem = (message: string, remedy: string) =>
    new LecternError({ code: "usage", severity: "error", path: "--api", message, remedy });
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed)
    throw problem(`${JSON.stringify(url)} is not a URL`, "Give one such as http://127.0.0.1:8080/api/v1");
  if (!/^(127(\.\d+){3}|localhost|\[::1\])$/.test(parsed.hostname)) {
    throw problem(
      `${parsed.hostname} is not on this machine`,
      "The sandbox connects to loopback only; use `pulumi` for other APIs",
    );
  }
  const key = process.env["LECTERN_API_KEY"];
  if (!key) throw problem("the API key is missing", "Set LECTERN_API_KEY");
  return {
    config: { "lectern:apiUrl": url.replace(/\/$/, ""), "lectern:apiKey": key },
    description: `qBook     ${parsed.origin} (given with --api)`,
    stop: async () => {},
  };
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

/** The port of the last run, so that the links it printed still open; 0 if there is none or it is in use. */
async function keptPort(folder: string): Promise<number> {
  const port = Number(await readFile(join(folder, "port"), "utf8").catch(() => "0"));
  return port > 0 && (await isFree(port)) ? port : 0;
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer().once("error", () => resolve(false));
  probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  return promise;
}

async function keepPort(folder: string, url: string): Promise<void> {
  await writeFile(join(folder, "port"), new URL(url).port);
}
