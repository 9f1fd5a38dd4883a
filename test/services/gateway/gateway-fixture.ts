import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayClient, gatewayClient } from "../../../components/kernel/gateway/gateway-client.ts";
import {
  type GatewayPlace,
  type KernelspecBody,
  type KernelspecState,
  kernelspecContract,
} from "../../../components/kernel/spec/kernelspec-contract.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import {
  type ContextParts,
  makeContext,
  type ProviderContext,
} from "../../../components/resource/context/context.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import {
  type GatewayOptions,
  type GatewayService,
  startGateway,
} from "../../../sandbox/services/gateway/gateway.ts";

/** A gateway of a test, with a client of it and a run whose reports are collected. */
export interface GatewayFixture {
  readonly service: GatewayService;
  readonly client: GatewayClient;
  readonly context: ProviderContext;
  /** Another run, with parts of its own; its reports go to the same list. */
  run(parts: Partial<ContextParts>): ProviderContext;
  /** The messages that were reported. */
  readonly reported: string[];
  readonly token: string;
  /** The bytes of a kernel's kernel.json, as text. */
  kernelJson(name: string): string;
  stop(): Promise<void>;
}

const TOKEN = "gateway-token-of-the-tests";

/** Starts a gateway in a folder of its own. */
export async function startFixture(
  options: Omit<GatewayOptions, "folder" | "token">,
  config: Readonly<Record<string, string>> = {},
): Promise<GatewayFixture> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-gateway-"));
  const service = await startGateway({ folder, token: TOKEN, ...options });
  const reported: string[] = [];
  const values: Readonly<Record<string, string>> = { gatewayToken: TOKEN, ...config };
  const run = (parts: Partial<ContextParts> = {}) =>
    makeContext({
      raw: (key) => values[key],
      fetch: globalThis.fetch,
      clock: systemClock,
      report: ({ message }) => void reported.push(message),
      run: folder,
      ...parts,
    });
  const context = run();
  return {
    service,
    client: gatewayClient({ name: "lab", url: service.url }, context),
    context,
    run,
    reported,
    token: TOKEN,
    kernelJson: (name) => readFileSync(join(service.specsFolder, name, "kernel.json"), "utf8"),
    stop: async () => {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An image reference whose digest repeats one hex digit. */
export function image(digit: string): string {
  return `registry.example.org/kernels/quantum@sha256:${digit.repeat(64)}`;
}

/**
 * A local kernel that knows the image that its kernel.json names, as a container would: so that a
 * test sees which spec a kernel was started from.
 */
const LAUNCH = `
import json, os, sys
spec = json.load(open(sys.argv[1] + "/kernel.json"))
os.environ.setdefault("KERNEL_IMAGE", spec["metadata"]["process_proxy"]["config"]["image_name"])
sys.argv = ["kernel", "-f", sys.argv[2]]
from ipykernel import kernelapp
kernelapp.launch_new_instance()
`;

/** Inputs whose body and gateway a test takes apart to change them. */
export interface KernelInputs extends Properties {
  readonly body: KernelspecBody;
  readonly gateway: GatewayPlace;
}

/** The inputs of a kernel on a gateway of a test. */
export function kernelInputs({ service }: GatewayFixture, changes: Properties = {}): KernelInputs {
  return {
    name: "quantum",
    displayName: "Quantum 1",
    language: "python",
    image: image("a"),
    body: {
      backend: { kind: "process-proxy", proxy: "local" },
      argv: ["python", "-c", LAUNCH, "{resource_dir}", "{connection_file}"],
      env: { LEVEL: "1" },
      resources: {},
      authorizedUsers: [],
      config: {},
    },
    gateway: {
      name: "lab",
      url: service.url,
      hosts: [{ kind: "local" }],
      specsFolder: service.specsFolder,
    },
    smoke: { enabled: true, code: "1 + 1", timeout: 60 },
    rollback: false,
    owner: "lectern/test",
    usedBy: [],
    ...changes,
  };
}

/** A provider's outputs as the state that they are. */
export function stateOf(outs: Properties): KernelspecState {
  return kernelspecContract.state.parse(outs);
}
