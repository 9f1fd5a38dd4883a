import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import type { GatewayWorld } from "../../../cli/gateway/gateway-world.ts";
import { importGateway } from "../../../cli/import/gateway/import-gateway.ts";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import { testContext } from "../../../components/resource/testing/test-context.ts";
import { findSshd, requireService } from "../require.ts";
import { type SshFixture, startSshFixture } from "./ssh-fixture.ts";

requireService("an SSH server (sshd)", findSshd, (program) => {
  let fixture: SshFixture;
  let project: string;
  const specs = () => join(fixture.folder, "kernels");
  beforeAll(async () => {
    fixture = await startSshFixture(program);
  });
  afterAll(() => fixture.stop());
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "lectern-imported-"));
    writeFileSync(join(project, "Pulumi.staging.yaml"), "config: {}\n");
  });
  afterEach(() => rmSync(project, { recursive: true }));

  function install(name: string, spec: object): void {
    mkdirSync(join(specs(), name), { recursive: true });
    writeFileSync(join(specs(), name, "kernel.json"), JSON.stringify(spec));
  }

  function world(printed: string[], errors: string[]): GatewayWorld {
    const { kind: _, ...host } = { ...fixture.address() };
    const gateway = { hosts: [host], specsFolder: specs(), restart: { mode: "none" } };
    return {
      config: async () => ({ "lectern:gateways": JSON.stringify({ main: gateway }) }),
      context: () => testContext(),
      connect: (address) => openTransport(address, fixture.credentials),
      print: (line) => void printed.push(line),
      printError: (line) => void errors.push(line),
      confirm: undefined,
    };
  }

  it("kernels are imported from a host over SSH, with what tells whether its scripts are the gateway's", async () => {
    const proxy = "enterprise_gateway.services.processproxies.docker_swarm.DockerProcessProxy";
    const launch = ["kernel-id", "port-range", "response-address", "public-key"].flatMap((name) => [
      `--RemoteProcessProxy.${name}`,
      `{${name.replace("-", "_")}}`,
    ]);
    const spec = (display_name: string) => ({
      argv: ["python", "{resource_dir}/scripts/launch_docker.py", ...launch],
      env: {},
      display_name,
      language: "python",
      metadata: {
        process_proxy: { class_name: proxy, config: { image_name: "org/science:1" } },
        debugger: true,
      },
    });
    const scripts = (name: string, text: string) => {
      mkdirSync(join(specs(), name, "scripts"), { recursive: true });
      writeFileSync(join(specs(), name, "scripts/launch_docker.py"), text);
    };
    for (const name of ["python_docker", "same", "own"]) install(name, spec(name));
    scripts("python_docker", "the gateway's");
    scripts("same", "the gateway's");
    scripts("own", "changed by hand");
    const printed: string[] = [];
    const errors: string[] = [];
    const options = { stack: "staging", catalog: "catalog", except: ["python_docker"] };
    expect(await importGateway("main", options, project, world(printed, errors)), errors.join()).toBe(0);
    const kernel = (name: string) =>
      parse(readFileSync(join(project, `catalog/kernels/${name}/kernel.yaml`), "utf8"));
    const common = { language: "python", image: "org/science:1", process_proxy: { class: "docker" } };
    expect(kernel("same")).toEqual({ display_name: "same", ...common });
    expect(kernel("own")).toMatchObject({ display_name: "own", argv: spec("own").argv });
    expect(printed.join("\n")).toContain("Imported 2 kernels of the gateway main");
  });
});
