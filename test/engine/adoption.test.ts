import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callSandbox, changesOf, type JsonReport, report } from "../sandbox/command.ts";
import { makeRepository, type Repository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { findPulumi, PLUGIN_FOLDERS } from "./programs.ts";

const MINUTES = 60_000;
const SPEC = {
  argv: ["/opt/lab/start.sh", "{connection_file}"],
  env: { LEVEL: "1" },
  display_name: "Python of the lab",
  language: "python",
  metadata: {
    process_proxy: {
      class_name: "enterprise_gateway.services.processproxies.docker_swarm.DockerProcessProxy",
      config: { image_name: "lectern/python-science:2026.1" },
    },
  },
};

requireService("the real Pulumi", findPulumi, (cli) => {
  const path = [process.env["PATH"], dirname(cli), ...PLUGIN_FOLDERS].join(delimiter);
  let folder: string;
  let repository: Repository;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-adopted-"));
    repository = makeRepository();
    mkdirSync(join(folder, "kernels/lab"), { recursive: true });
    writeFileSync(join(folder, "kernels/lab/kernel.json"), JSON.stringify(SPEC));
    writeFileSync(join(repository.root, "Pulumi.yaml"), "name: ours\n");
    writeFileSync(join(repository.root, "Pulumi.sandbox.yaml"), "config: {}\n");
  });
  afterAll(() => {
    repository.remove();
    rmSync(folder, { recursive: true });
  });

  const settings = () => {
    const gateway = {
      hosts: [{ local: true }],
      specsFolder: join(folder, "kernels"),
      restart: { mode: "command", command: ["touch", join(folder, "restarted")] },
      pull: "none",
    };
    const values = { gateways: { main: gateway }, kernels: { lab: { adopt: true } } };
    return Object.entries(values).flatMap(([key, value]) => ["--config", `${key}=${JSON.stringify(value)}`]);
  };
  const call = async (command: string, ...more: string[]): Promise<JsonReport> => {
    const place = ["--state", join(folder, "state"), "--catalog", repository.catalog];
    const options = ["--json", "--engine", "pulumi", ...place, ...settings(), ...more];
    return report(await callSandbox([command, ...options], { PATH: path }));
  };

  it("the real engine adopts an imported kernel without a restart, and then knows it", {
    timeout: 6 * MINUTES,
  }, async () => {
    const from = pathToFileURL(join(folder, "kernels")).href;
    const command = ["import", "gateway", "main", "--stack", "sandbox", "--from", from];
    execFileSync(process.execPath, [resolve("cli/lectern.mjs"), ...command], { cwd: repository.root });
    repository.commit();
    const plan = await call("preview");
    expect(plan.ok, JSON.stringify(plan.diagnostics)).toBe(true);
    expect(JSON.stringify(plan)).toContain("the gateway is not restarted for it");
    const up = await call("up");
    expect(up.ok, JSON.stringify(up.diagnostics)).toBe(true);
    const { metadata, ...rest } = JSON.parse(readFileSync(join(folder, "kernels/lab/kernel.json"), "utf8"));
    const { metadata: _, ...before } = SPEC;
    expect(rest).toEqual(before);
    expect(metadata.process_proxy.config.image_name).toMatch(/lectern\/python-science@sha256:/);
    expect(existsSync(join(folder, "restarted"))).toBe(false);
    expect(changesOf(await call("up", "--expect-no-changes"))).toEqual([]);
  });
});
