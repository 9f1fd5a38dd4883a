import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayClient, gatewayClient } from "../../components/kernel/gateway/gateway-client.ts";
import type { KernelspecState } from "../../components/kernel/spec/kernelspec-inputs.ts";
import { processHost } from "../../components/resource/host.ts";
import type { Host, Properties } from "../../components/resource/provider.ts";
import {
  type GatewayOptions,
  type GatewayService,
  startGateway,
} from "../../sandbox/services/gateway/gateway.ts";

/** A gateway of a test, with a client of it and a host that collects what is said. */
export interface GatewayFixture {
  readonly service: GatewayService;
  readonly client: GatewayClient;
  readonly host: Host;
  readonly said: string[];
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
  const said: string[] = [];
  const values: Record<string, string> = { gatewayToken: TOKEN, ...config };
  const host: Host = {
    ...processHost((key) => values[key]),
    progress: (line) => said.push(line),
    run: folder,
  };
  return {
    service,
    client: gatewayClient({ name: "lab", url: service.url }, host),
    host,
    said,
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

/** The inputs of a kernel on a gateway of a test. */
export function kernelInputs({ service }: GatewayFixture, changes: Properties = {}): Properties {
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
  return outs as KernelspecState;
}
