import { join } from "node:path";
import { type Qbook, startQbook } from "../../../sandbox/services/qbook/qbook.ts";
import { seedExample } from "../../../sandbox/services/registry/example.ts";
import { type RegistryStandIn, startRegistry } from "../../../sandbox/services/registry/registry.ts";
import { type Services, type StartedServices, startServices } from "../../../sandbox/services.ts";
import { KillGate } from "./kill-gate.ts";

const API_KEY = "canary-key-of-the-kill-tests";
/** Whose alias these tests move. */
const LAB = "lectern/lab";

/** Where the services keep what a deployment changes, below the folder. */
export const SERVICE_PARTS = [
  "qbook",
  "registry",
  "services/gateway/kernels",
  "services/gateway/.lectern-kernels",
];

/** The services of a stack, each behind a gate, which outlive the engine that is killed. */
export class KillServices {
  readonly gate: KillGate;
  /** The configuration that leads to the gate. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Where the engine reports its steps on a host. */
  readonly hostSteps: string;
  readonly #folder: string;
  readonly #sandbox: StartedServices;
  #api: Qbook;
  #registry: RegistryStandIn;

  private constructor(parts: Parts) {
    this.gate = parts.gate;
    this.config = parts.config;
    this.secretKeys = parts.sandbox.secretKeys;
    this.hostSteps = parts.hostSteps;
    this.#folder = parts.folder;
    this.#sandbox = parts.sandbox;
    this.#api = parts.api;
    this.#registry = parts.registry;
  }

  static async open(folder: string, catalog: string, stack: string): Promise<KillServices> {
    const gate = new KillGate();
    const api = await startQbook({ folder: join(folder, "qbook"), apiKey: API_KEY });
    const registry = await startRegistry({ folder: join(folder, "registry") });
    await seedExample(registry);
    process.env["LECTERN_API_KEY"] = API_KEY;
    const options = { stack, api: await gate.serve(api.url) };
    const sandbox = await startServices(join(folder, "services"), catalog, options);
    const endpoint = await gate.serve(registry.url, "registry");
    const config = {
      ...sandbox.config,
      "lectern:registries": JSON.stringify({ "docker.io": { endpoint } }),
      ...(await gatewayThrough(gate, sandbox)),
    };
    const hostSteps = await gate.serveHostSteps();
    return new KillServices({ gate, config, hostSteps, folder, sandbox, api, registry });
  }

  /** Stops the services that keep something in memory, lets their files be changed, and starts them again. */
  async restart(change: () => void): Promise<void> {
    const [api, registry] = [this.#api, this.#registry].map(({ url }) => Number(new URL(url).port));
    await Promise.all([this.#api.stop(), this.#registry.stop()]);
    change();
    const at = (name: string) => join(this.#folder, name);
    this.#api = await startQbook({ folder: at("qbook"), apiKey: API_KEY, ...(api ? { port: api } : {}) });
    this.#registry = await startRegistry({ folder: at("registry"), ...(registry ? { port: registry } : {}) });
    for (const id of await this.runningKernels()) await this.#callGateway("DELETE", `/${id}`);
  }

  get api(): Qbook {
    return this.#api;
  }

  /** The digest that the alias of the hub's image names. */
  recommended(): string | undefined {
    return this.#registry.store.find(LAB, "recommended")?.digest;
  }

  async runningKernels(): Promise<string[]> {
    if (!this.#sandbox.config["lectern:gateways"]) return [];
    const kernels = (await (await this.#callGateway("GET", "")).json()) as { id: string }[];
    return kernels.map(({ id }) => id);
  }

  async stop(): Promise<void> {
    await this.#sandbox.stop();
    await this.gate.stop();
    await Promise.all([this.#api.stop(), this.#registry.stop()]);
  }

  #callGateway(method: string, path: string): Promise<Response> {
    const { url } = gatewayOf(this.#sandbox);
    const token = this.#sandbox.config["lectern:gatewayToken"];
    return fetch(`${url}/api/kernels${path}`, { method, headers: { authorization: `token ${token}` } });
  }
}

interface Parts {
  readonly gate: KillGate;
  readonly config: Readonly<Record<string, string>>;
  readonly hostSteps: string;
  readonly folder: string;
  readonly sandbox: StartedServices;
  readonly api: Qbook;
  readonly registry: RegistryStandIn;
}

const gatewayOf = ({ config }: Services): { url: string } =>
  JSON.parse(config["lectern:gateways"] ?? "{}").sandbox;

/** The gateway behind the gate. Images are pulled by a command that does nothing. */
async function gatewayThrough(gate: KillGate, services: Services): Promise<Record<string, string>> {
  if (!services.config["lectern:gateways"]) return {};
  const gateway = gatewayOf(services);
  const settings = { ...gateway, url: await gate.serve(gateway.url, "gateway"), pull: ["true"] };
  return { "lectern:gateways": JSON.stringify({ sandbox: settings }) };
}
