import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { gatewayClient } from "../../../components/kernel/gateway/gateway-client.ts";
import { restartProvider } from "../../../components/kernel/gateway/restart/restart-provider.ts";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { type GatewayFixture, image, kernelInputs, startFixture, stateOf } from "./gateway-fixture.ts";

/** Faults of other deployments for the same job, each as a test that it isn't one of ours. */
describe("faults seen elsewhere", () => {
  let lab: GatewayFixture;
  beforeAll(async () => {
    lab = await startFixture({ real: false });
  });
  afterAll(() => lab.stop());
  let made: { id: string; outs: Properties } | undefined;
  const create = async (changes: Properties = {}) => {
    made = await kernelspecProvider.create(kernelInputs(lab, changes), lab.context);
    return made.outs;
  };
  const update = async (olds: Properties, changes: Properties = {}) => {
    const news = kernelInputs(lab, { smoke: undefined, ...changes });
    const outs = (await kernelspecProvider.update("", olds, news, lab.context)).outs;
    if (made) made = { ...made, outs };
    return outs;
  };
  afterEach(async () => {
    if (made) await kernelspecProvider.delete(made.id, made.outs, lab.context);
    made = undefined;
  });

  it("a patch that fails is a failure: no silent success", async () => {
    const outs = await create();
    const gone = { ...stateOf(outs).applied.gateway, specsFolder: "/dev/null/kernels" };
    await expect(update(outs, { image: image("b"), gateway: gone })).rejects.toThrow(/local: .*\/dev\/null/);
  });

  it("a verification that is interrupted puts the old file back", async () => {
    const outs = await create();
    const before = lab.kernelJson("quantum");
    const elsewhere = await startFixture({ real: false });
    try {
      const interrupt = new AbortController();
      const sleep = async () => {
        interrupt.abort(new Error("interrupted"));
        interrupt.signal.throwIfAborted();
      };
      const context = lab.run({ clock: { now: () => 0, sleep }, signal: interrupt.signal });
      const gateway = { ...kernelInputs(lab).gateway, url: elsewhere.service.url };
      const news = kernelInputs(lab, { image: image("b"), gateway, smoke: undefined });
      const updated = kernelspecProvider.update("", outs, news, context);
      await expect(updated).rejects.toThrow(/verification: interrupted; .*restored on local/);
      expect(lab.kernelJson("quantum")).toBe(before);
    } finally {
      await elsewhere.stop();
    }
  });

  it("no path of a host is built into argv", async () => {
    await create({ body: { backend: { kind: "process-proxy", proxy: "local" } } });
    const { argv } = JSON.parse(lab.kernelJson("quantum"));
    expect(argv.join(" ")).not.toContain("/");
  });

  it("a hostile display name is only a name", async () => {
    const trap = join(lab.service.specsFolder, "trap");
    const displayName = `Q"; touch ${trap}; $(touch ${trap}) \`touch ${trap}\` '|& {resource_dir}`;
    const outs = await create({ displayName });
    await update(outs, { displayName, image: image("b") });
    expect((await lab.client.kernelspec("quantum"))?.spec["display_name"]).toBe(displayName);
    expect(existsSync(trap)).toBe(false);
  });

  it("a kernel that starts during an update never reads half a kernel.json", async () => {
    let outs = await create();
    const file = join(lab.service.specsFolder, "quantum", "kernel.json");
    const seen = new Set<number>();
    let reading = true;
    const reader = (async () => {
      while (reading) {
        seen.add(JSON.parse(readFileSync(file, "utf8")).argv.length);
        await new Promise(setImmediate);
      }
    })();
    for (let round = 0; round < 30; round++)
      outs = await update(outs, { image: image(round % 2 ? "a" : "b") });
    reading = false;
    await reader;
    expect([...seen]).toEqual([5]);
  });

  it("two deployments at once take turns", async () => {
    const outs = await create();
    const wanted = ["b", "c"].map((digit) => image(digit));
    await Promise.all(wanted.map((one) => update(outs, { image: one }).catch((error: unknown) => error)));
    const { previous, current } = {
      previous: readFileSync(join(lab.service.specsFolder, "quantum", "kernel.json.previous"), "utf8"),
      current: lab.kernelJson("quantum"),
    };
    // The second one found what the first one had made.
    const images = [previous, current].map((text) => wanted.find((one) => text.includes(one)));
    expect(images.toSorted()).toEqual(wanted);
  });

  it("the health check has the token, and its error names the setting but never the token", async () => {
    const context = lab.run({ raw: () => "not-the-token" });
    const stranger = gatewayClient({ name: "lab", url: lab.service.url }, context);
    const error = await stranger.kernelspecNames().catch((caught: unknown) => String(caught));
    expect(error).toMatch(/GET \/api\/kernelspecs of the gateway lab .* status 401.*lectern:gatewayToken/);
    expect(error).not.toContain("not-the-token");
    await create();
    const registrations = [made?.id];
    const restart = { mode: "none" };
    const inputs = {
      gateway: "lab",
      url: lab.service.url,
      hosts: [{ kind: "local" }],
      specsFolder: lab.service.specsFolder,
      registrations,
      restart,
    };
    const blind = restartProvider.create({ ...inputs, healthLimit: 0.1 }, context);
    await expect(blind).rejects.toThrow(/status 401.*lectern:gatewayToken/);
  });

  it("a restart command that fails is a failure, and nothing is noted as done", async () => {
    await create();
    const inputs = {
      gateway: "lab",
      url: lab.service.url,
      hosts: [{ kind: "local" }],
      specsFolder: lab.service.specsFolder,
      registrations: [made?.id],
      restart: { mode: "command", command: ["ls", "/nowhere"] },
    };
    await expect(restartProvider.create(inputs, lab.context)).rejects.toThrow(
      /local: .* could not be restarted .*exit code 2/,
    );
  });

  it("where the gateway doesn't list its kernels, the restart reports it, and a careful policy refuses", async () => {
    const silent = await startFixture({ real: false, listKernels: false });
    try {
      const { id } = await kernelspecProvider.create(kernelInputs(silent), silent.context);
      const restart = { mode: "command", command: [...silent.service.restartCommand] };
      const inputs = {
        gateway: "lab",
        url: silent.service.url,
        hosts: [{ kind: "local" }],
        specsFolder: silent.service.specsFolder,
        registrations: [id],
        restart,
      };
      await expect(restartProvider.create({ ...inputs, whenBusy: "refuse" }, silent.context)).rejects.toThrow(
        /is unknown/,
      );
      await restartProvider.create(inputs, silent.context);
      expect(silent.reported.join("\n")).toContain("how many kernels run there is unknown");
      expect(silent.service.starts()).toBe(2);
    } finally {
      await silent.stop();
    }
  });

  it("a gateway of the sandbox ends with the process that started it", async () => {
    const script = `
      import { startGateway } from ${JSON.stringify(join(import.meta.dirname, "../../../sandbox/services/gateway/gateway.ts"))};
      const { url } = await startGateway({ folder: process.argv[1], token: "t", real: false });
      console.log(url);
      process.kill(process.pid, "SIGKILL");`;
    const folder = join(lab.service.specsFolder, "../other");
    const run = promisify(execFile)(process.execPath, [
      "--input-type=module-typescript",
      "-e",
      script,
      folder,
    ]);
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    await expect.poll(() => fetch(`${stdout.trim()}/api`).catch(() => "gone")).toBe("gone");
  });
});
