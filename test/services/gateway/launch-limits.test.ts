import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { renderKernelspec } from "../../../components/kernel/spec/file/kernelspec-render.ts";
import { kernelspecBody } from "../../../components/kernel/spec/kernelspec-contract.ts";
import { findEnterpriseGateway, requireService } from "../require.ts";

/** Asks Docker for a kernel in the way of Enterprise Gateway's launcher, which comes with no package. */
const LAUNCHER = `
import argparse, os
from docker.client import DockerClient
parser = argparse.ArgumentParser()
for name in ("kernel-id", "port-range", "response-address", "public-key"):
    parser.add_argument("--RemoteProcessProxy." + name, dest=name.replace("-", "_"))
given = parser.parse_args()
environment = {**os.environ, "RESPONSE_ADDRESS": given.response_address}
client = DockerClient.from_env()
if os.environ["EG_DOCKER_MODE"] == "swarm":
    client.services.create("quantum", name=given.kernel_id, env=environment)
else:
    client.containers.run("quantum", name=given.kernel_id, environment=environment, remove=True, detach=True)
`;

let folder: string;
let daemon: Server;
const asked = new Map<string, Record<string, never>>();

/** As much of Docker's API as a client needs to create something. */
async function startDaemon(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").replace(/^\/v[\d.]+|\?.*$/g, "");
    const body = await text(request);
    if (body !== "" && path.endsWith("/create")) asked.set(path, JSON.parse(body));
    const answer = path === "/version" ? { ApiVersion: "1.44" } : { Id: "1", ID: "1", Config: {} };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

requireService("Docker's client for Python (Enterprise Gateway)", findEnterpriseGateway, (gateway) => {
  const python = join(dirname(gateway), "python");
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-limits-"));
    daemon = await startDaemon();
    writeFileSync(join(folder, "launch_docker.py"), LAUNCHER);
    const script = new URL("../../../components/kernel/spec/file/launch_with_limits.py", import.meta.url);
    copyFileSync(script, join(folder, "launch_with_limits.py"));
  });
  afterAll(() => {
    daemon?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => asked.clear());

  /** Starts a kernel by the command that its kernel.json has. */
  async function launch(proxy: "docker" | "swarm", resources: object): Promise<void> {
    const body = kernelspecBody.parse({ backend: { kind: "process-proxy", proxy }, resources });
    const spec = { displayName: "Q", language: "python", image: "x", body };
    const { argv } = JSON.parse(renderKernelspec(spec, "r")) as { argv: string[] };
    const [, ...words] = argv.map((word) =>
      word.replace("{resource_dir}/scripts", folder).replaceAll(/[{}]/g, ""),
    );
    const { port } = daemon.address() as AddressInfo;
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, EG_DOCKER_MODE: proxy, PATH: process.env.PATH };
    await promisify(execFile)(python, words, { env });
  }

  const WHOLE = { cpus: 0.5, cpusLimit: 2, memory: "1G", memoryLimit: "2Gi" };

  it("a container gets the limits of kernel.yaml from Docker", async () => {
    await launch("docker", { ...WHOLE, gpus: 2 });
    expect(asked.get("/containers/create")).toMatchObject({
      Env: expect.arrayContaining(["RESPONSE_ADDRESS=response_address"]),
      HostConfig: {
        AutoRemove: true,
        CpuShares: 512,
        NanoCpus: 2_000_000_000,
        MemoryReservation: 1_000_000_000,
        Memory: 2_147_483_648,
        MemorySwap: 2_147_483_648,
        DeviceRequests: [{ Count: 2, Capabilities: [["gpu"]] }],
      },
    });
  });

  it("a service of Swarm gets them as its resources", async () => {
    await launch("swarm", WHOLE);
    expect(asked.get("/services/create")).toMatchObject({
      TaskTemplate: {
        Resources: {
          Limits: { NanoCPUs: 2_000_000_000, MemoryBytes: 2_147_483_648 },
          Reservations: { NanoCPUs: 500_000_000, MemoryBytes: 1_000_000_000 },
        },
      },
    });
  });

  it("a container without resources starts by the gateway's launcher alone", async () => {
    await launch("docker", {});
    const { HostConfig } = asked.get("/containers/create") as { HostConfig?: object };
    expect(HostConfig).not.toHaveProperty("Memory");
  });
});
