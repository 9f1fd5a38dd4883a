import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Properties } from "../../../resource/provide.ts";
import { testContext } from "../../../resource/testing/test-context.ts";
import { needsRestart } from "../../gateway/restart/restart-decision.ts";
import { openTransport } from "../../hosts/transport/connections.ts";
import { kernelspecBody, kernelspecContract } from "../kernelspec-contract.ts";
import { kernelspecProviderOver } from "../kernelspec-provider.ts";

let folder: string;
const file = () => join(folder, "kernels/quantum/kernel.json");
const read = () => JSON.parse(readFileSync(file(), "utf8"));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-adoption-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const provider = kernelspecProviderOver(() => openTransport({ kind: "local" }));
const SPEC = {
  argv: ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
  env: { LEVEL: "1" },
  display_name: "Quantum",
  language: "python",
  metadata: {
    process_proxy: {
      class_name: "enterprise_gateway.services.processproxies.processproxy.LocalProcessProxy",
      config: {},
    },
    debugger: true,
  },
};

function install(spec: object = SPEC): void {
  mkdirSync(join(folder, "kernels/quantum"), { recursive: true });
  writeFileSync(file(), JSON.stringify(spec));
}

const inputs = (env: Record<string, string>, more: Properties = {}): Properties => ({
  name: "quantum",
  displayName: "Quantum",
  language: "python",
  image: "",
  body: kernelspecBody.parse({ backend: { kind: "process-proxy", proxy: "local" }, env }),
  gateway: { name: "main", hosts: [{ kind: "local" }], specsFolder: join(folder, "kernels") },
  adopt: true,
  ...more,
});

async function planned(env: Record<string, string>): Promise<string[]> {
  const context = testContext();
  await provider.check({}, inputs(env), context);
  return context.reports.map(({ message }) => message);
}

test("a kernel that is adopted gets the mark of its owner alone, and its gateway no restart", async () => {
  install();
  expect(await planned({ LEVEL: "1" })).toEqual([
    `adopts ${folder}/kernels/quantum of local as it is; the gateway is not restarted for it`,
  ]);
  const { id } = await provider.create(inputs({ LEVEL: "1" }), testContext());
  const { metadata, ...others } = read();
  const { lectern, ...rest } = metadata;
  expect({ ...others, metadata: rest }).toEqual(SPEC);
  expect(lectern.registration).toBe(id);
  expect(needsRestart(undefined, { registrations: [id], restart: { mode: "command", command: ["x"] } })).toBe(
    false,
  );
});

test("the plan names what an adoption changes", async () => {
  install({ ...SPEC, interrupt_mode: "message" });
  expect(await planned({ LEVEL: "2" })).toEqual([
    expect.stringContaining("of local with another env, interrupt_mode; the gateway is not restarted"),
  ]);
  await provider.create(inputs({ LEVEL: "2" }), testContext());
  expect(read()).toMatchObject({ env: { LEVEL: "2" } });
});

test("the plan warns of variables that kernels would lose, such as a secret that is not set yet", async () => {
  install({ ...SPEC, env: { LEVEL: "1", API_TOKEN: "canary-1" } });
  const [, warning] = await planned({ LEVEL: "1" });
  expect(warning).toMatch(/kernels of quantum will no longer have API_TOKEN.*lectern:kernelSecrets/);
  expect(warning).not.toContain("canary");
});

test("there is nothing to adopt where no host has the kernel", async () => {
  await expect(planned({})).rejects.toThrow(/there is no \S+kernel\.json to adopt.*Remove `adopt`/);
  await expect(provider.create(inputs({}), testContext())).rejects.toThrow(/to adopt/);
});

test("without the decision, a kernel of others that differs is refused, and the way to take it over is named", async () => {
  install();
  const create = provider.create(inputs({ LEVEL: "2" }, { adopt: undefined }), testContext());
  await expect(create).rejects.toThrow(/was not created by this stack.*`lectern import gateway`/);
});

test("a kernel that another stack has marked is not adopted", async () => {
  const lectern = { registration: "kernel/quantum/1", owner: "other/prod" };
  install({ ...SPEC, metadata: { ...SPEC.metadata, lectern } });
  await expect(provider.create(inputs({ LEVEL: "1" }), testContext())).rejects.toThrow(
    /belongs to other\/prod/,
  );
});

test("the decision to adopt, once it is carried out, is no change", async () => {
  install();
  const { outs } = await provider.create(inputs({ LEVEL: "1" }), testContext());
  expect(
    await provider.diff("", outs, inputs({ LEVEL: "1" }, { adopt: undefined }), testContext()),
  ).toMatchObject({
    changes: false,
  });
});

test("secret variables reach kernel.json and no state, and a changed one is an update", async () => {
  install({ ...SPEC, env: { LEVEL: "1", API_TOKEN: "canary-1" } });
  const secrets = (value: string) =>
    testContext({ kernelSecrets: JSON.stringify({ quantum: { API_TOKEN: value } }) });
  const { outs } = await provider.create(inputs({ LEVEL: "1" }), secrets("canary-1"));
  expect(read().env).toEqual({ API_TOKEN: "canary-1", LEVEL: "1" });
  expect(JSON.stringify(outs)).not.toContain("canary");
  expect(kernelspecContract.state.parse(outs).applied.body.env).toEqual({ LEVEL: "1" });
  const change = async (value: string) =>
    (await provider.diff("", outs, inputs({ LEVEL: "1" }), secrets(value))).changes;
  expect(await change("canary-1")).toBe(false);
  expect(await change("canary-2")).toBe(true);
  const updated = await provider.update("", outs, inputs({ LEVEL: "1" }), secrets("canary-2"));
  expect(read().env["API_TOKEN"]).toBe("canary-2");
  expect(JSON.stringify(updated.outs)).not.toContain("canary");
});
