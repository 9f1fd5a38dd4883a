import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import { type GatewayFixture, image, kernelInputs, startFixture, stateOf } from "./gateway-fixture.ts";
import { killEachStep } from "./kill-each-step.ts";

/** Milliseconds: each step of an operation is a process of its own, and a lock to take over. */
const LIMIT = 240_000;

/** Whatever the moment in which the deployment is killed, running it again ends in the same place. */
export function gatewayKillContract(real: string | false): void {
  let lab: GatewayFixture;
  beforeAll(async () => {
    lab = await startFixture({ real });
  });
  afterAll(() => lab.stop());
  const kernels = () => lab.service.specsFolder;
  const staging = () => join(dirname(kernels()), ".lectern-kernels");
  const leftovers = () => (existsSync(staging()) ? readdirSync(staging()) : []);
  const clear = () => {
    for (const folder of [kernels(), staging()]) {
      if (!existsSync(folder)) continue;
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    }
  };
  afterEach(clear);

  it("a create killed after any of its steps and run again registers once", { timeout: LIMIT }, async () => {
    const inputs = kernelInputs(lab);
    const order = { operation: "create", inputs, olds: {}, token: lab.token };
    const survived = await killEachStep(order, async (step) => {
      const listed = (await lab.client.kernelspecNames()).filter((name) => name !== "python3");
      // What was being tried may be left until then: only the trial's user can start it.
      expect(listed.filter((name) => !/^(lectern-trial-)?quantum$/.test(name))).toEqual([]);
      const { id, outs } = await kernelspecProvider.create(inputs, lab.context);
      expect(readdirSync(kernels()), `after step ${step}`).toEqual(["quantum"]);
      expect(leftovers(), `after step ${step}`).toEqual([]);
      // What the gateway had seen keeps its registration.
      if (listed.includes("quantum")) expect(lab.reported.join("\n")).toContain("is taken over");
      expect(lab.kernelJson("quantum")).toContain(id);
      expect((await kernelspecProvider.diff(id, outs, inputs, lab.context)).changes).toBe(false);
      clear();
    });
    expect(survived).toBeGreaterThan(5);
  });

  it("an update killed after any of its steps and run again ends with the new image", {
    timeout: LIMIT,
  }, async () => {
    const smoke = { enabled: false, code: "", timeout: 1 };
    const news = kernelInputs(lab, { image: image("b"), smoke });
    let { outs } = await kernelspecProvider.create(kernelInputs(lab), lab.context);
    const wanted = lab.kernelJson("quantum").replace(image("a"), image("b"));
    const order = () => ({ operation: "update", inputs: news, olds: outs, token: lab.token });
    const survived = await killEachStep(order, async (step) => {
      // Never half a file: the gateway knows the kernel at every moment.
      expect((await lab.client.kernelspec("quantum"))?.spec["display_name"]).toBe("Quantum 1");
      const again = await kernelspecProvider.update("", outs, news, lab.context);
      expect(lab.kernelJson("quantum"), `after step ${step}`).toBe(wanted);
      expect((await kernelspecProvider.diff("", again.outs, news, lab.context)).changes).toBe(false);
      const back = kernelInputs(lab, { smoke });
      outs = (await kernelspecProvider.update("", again.outs, back, lab.context)).outs;
    });
    expect(survived).toBeGreaterThan(2);
  });

  it("a delete killed after any of its steps and run again leaves nothing", { timeout: LIMIT }, async () => {
    let { outs } = await kernelspecProvider.create(kernelInputs(lab), lab.context);
    const order = () => ({ operation: "delete", inputs: {}, olds: outs, token: lab.token });
    const survived = await killEachStep(order, async () => {
      await kernelspecProvider.delete(stateOf(outs).registration, outs, lab.context);
      expect([readdirSync(kernels()), leftovers()]).toEqual([[], []]);
      ({ outs } = await kernelspecProvider.create(kernelInputs(lab), lab.context));
    });
    expect(survived).toBeGreaterThan(3);
  });
}
