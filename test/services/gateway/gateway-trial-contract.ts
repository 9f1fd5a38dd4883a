import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { type GatewayFixture, image, kernelInputs, startFixture } from "./gateway-fixture.ts";

const WORKS = { enabled: true, code: "1 + 1", timeout: 60 };

/** A kernel has run a cell through its gateway before it is called done: on the real one and the stand-in. */
export function gatewayTrialContract(real: string | false): void {
  let lab: GatewayFixture;
  beforeAll(async () => {
    lab = await startFixture({ real, allowed: ["python3"] });
  });
  afterAll(() => lab.stop());
  afterEach(() => {
    for (const name of installed()) rmSync(join(lab.service.specsFolder, name), { recursive: true });
    lab.reported.length = 0;
  });

  const installed = () => readdirSync(lab.service.specsFolder);
  const create = (changes: Properties = {}, context = lab.context) =>
    kernelspecProvider.create(kernelInputs(lab, changes), context);
  const update = async (olds: Properties, changes: Properties) =>
    (await kernelspecProvider.update("", olds, kernelInputs(lab, changes), lab.context)).outs;
  const nothingLeft = async () => {
    expect(installed()).toEqual([]);
    expect(await lab.client.runningKernels()).toEqual([]);
  };

  it("a new kernel that can't run a cell is not created, and nothing is left of it", async () => {
    const failure = create({ smoke: { ...WORKS, code: "1 / 0" } });
    await expect(failure).rejects.toThrow(/quantum[\s\S]*nothing is installed[\s\S]*ZeroDivisionError/);
    await nothingLeft();
  });

  it("a new kernel runs its cell before anybody else could start it, whatever the allow-list", async () => {
    const started: { name: string; there: string[]; users: unknown; user: unknown }[] = [];
    const watching: typeof fetch = (url, init) => {
      if (init?.method === "POST") {
        const { name, env } = JSON.parse(String(init.body));
        const { metadata } = JSON.parse(lab.kernelJson(name));
        const users = metadata.process_proxy.config.authorized_users;
        started.push({ name, there: installed(), users, user: env.KERNEL_USERNAME });
      }
      return fetch(url, init);
    };
    const smoke = { ...WORKS, username: "taster", code: "import os\nassert os.environ['LEVEL'] == '1'" };
    await create({ smoke }, lab.run({ fetch: watching }));
    const name = "lectern-trial-quantum";
    expect(started).toEqual([{ name, there: [name], users: "taster", user: "taster" }]);
    expect(installed()).toEqual(["quantum"]);
    expect(lab.kernelJson("quantum")).not.toContain("taster");
    expect(await lab.client.runningKernels()).toEqual([]);
  });

  const body = (changes: Properties) => ({ ...kernelInputs(lab).body, ...changes });
  it.each([
    ["environment", { env: { LEVEL: "2" } }, "import os\nassert os.environ['LEVEL'] == '1'"],
    ["resources", { resources: { cpus: 2 } }, "import os\nassert 'KERNEL_CPUS' not in os.environ"],
  ])("a changed %s that the kernel can't run with leaves kernel.json as it was", async (_, change, code) => {
    const { outs } = await create();
    const before = lab.kernelJson("quantum");
    const failure = update(outs, { body: body(change), smoke: { ...WORKS, code } });
    await expect(failure).rejects.toThrow(/quantum[\s\S]*kernel.json stays as it was[\s\S]*AssertionError/);
    expect(lab.kernelJson("quantum")).toBe(before);
    expect(installed()).toEqual(["quantum"]);
    await update(outs, { body: body(change), smoke: WORKS });
    expect(lab.kernelJson("quantum")).not.toBe(before);
  });

  it("a kernel without a command to start it is not created", async () => {
    await expect(create({ body: body({ argv: ["/nowhere/python"] }) })).rejects.toThrow(
      /the smoke kernel failed .*nothing is installed/,
    );
    await nothingLeft();
  });

  it("an image and an environment that change together are tried together", async () => {
    const { outs } = await create();
    const code = `import os\nassert os.environ['LEVEL'] == '2' and os.environ['KERNEL_IMAGE'].endswith('b')`;
    const news = { body: body({ env: { LEVEL: "2" } }), image: image("b") };
    await update(outs, { ...news, smoke: { ...WORKS, code } });
    expect(lab.kernelJson("quantum")).toContain(image("b"));
  });

  it("a gateway that is down or refuses the token is no fault of the image", async () => {
    const { outs } = await create();
    const before = lab.kernelJson("quantum");
    const gateway = { ...kernelInputs(lab).gateway, url: "http://127.0.0.1:9" };
    const silent = update(outs, { gateway, image: image("b") });
    await expect(silent).rejects.toThrow(/can't be tried, .*Check that the gateway is running/s);
    const stranger = lab.run({ raw: (key) => (key === "gatewayToken" ? "not-the-token" : undefined) });
    const wrong = kernelspecProvider.update("", outs, kernelInputs(lab, { image: image("b") }), stranger);
    await expect(wrong).rejects.toThrow(/can't be tried, .*lectern:gatewayToken/s);
    expect(lab.kernelJson("quantum")).toBe(before);
  });

  it("a removal takes along what a trial that was killed has left", async () => {
    const { id, outs } = await create();
    const killed = join(lab.service.specsFolder, "lectern-trial-quantum");
    cpSync(join(lab.service.specsFolder, "quantum"), killed, { recursive: true });
    await kernelspecProvider.delete(id, outs, lab.context);
    expect(installed()).toEqual([]);
  });
}
