import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { restartProvider } from "../../../components/kernel/gateway/restart/restart-provider.ts";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { PartialFailure } from "../../../components/resource/provider.ts";
import { type GatewayFixture, kernelInputs, startFixture } from "./gateway-fixture.ts";
import { killEachStep } from "./kill-each-step.ts";

/** Milliseconds: each step of a restart is a process of its own, and the gateway starts once for each. */
const LIMIT = 600_000;

/** A gateway restarts for new kernels, once, whatever happens on the way: on the real one and the stand-in. */
export function gatewayRestartContract(real: string | false): void {
  let lab: GatewayFixture;
  beforeAll(async () => {
    lab = await startFixture({ real });
  });
  afterAll(() => lab.stop());
  afterEach(async () => {
    for (const { id } of (await lab.client.runningKernels()) ?? []) await lab.client.deleteKernel(id);
    for (const name of readdirSync(lab.service.specsFolder)) {
      rmSync(join(lab.service.specsFolder, name), { recursive: true });
    }
    lab.reported.length = 0;
  });

  const create = (changes: Properties = {}) =>
    kernelspecProvider.create(kernelInputs(lab, changes), lab.context);
  const inputs = (changes: Properties): Properties => ({
    gateway: "lab",
    url: lab.service.url,
    hosts: [{ kind: "local" }],
    specsFolder: lab.service.specsFolder,
    restart: { mode: "command", command: [...lab.service.restartCommand] },
    healthLimit: 60,
    ...changes,
  });

  it("three new kernels restart the gateway exactly once, and updates and removals never", async () => {
    const names = ["one", "two", "three"];
    const made = await Promise.all(names.map((name) => create({ name, displayName: name })));
    const ids = made.map(({ id }) => id);
    const inputsOf = (registrations: string[]) => inputs({ registrations });
    const starts = lab.service.starts();
    const { id, outs } = await restartProvider.create(inputsOf(ids), lab.context);
    expect(lab.service.starts()).toBe(starts + 1);
    expect(outs).toEqual({ applied: ids.toSorted(), healthy: true, restarts: 1 });
    const differs = async (registrations: string[]) =>
      (await restartProvider.diff(id, outs, inputsOf(registrations), lab.context)).changes;
    expect(await differs(ids)).toBe(false);
    expect(await differs(ids.slice(1))).toBe(false);
    // Made again: the same name under another id.
    expect(await differs(["kernel/one/another", ...ids.slice(1)])).toBe(true);
  });

  it("a restart reports how many kernels it would end, waits or refuses, and never goes on silently", async () => {
    const { id } = await create();
    await lab.client.startKernel("quantum", randomUUID(), { KERNEL_USERNAME: "ann" }, 60_000);
    const busy = (whenBusy: string) => inputs({ registrations: [id], whenBusy, waitLimit: 0.1 });
    const starts = lab.service.starts();
    await restartProvider.check({}, busy("refuse"), lab.context);
    expect(lab.reported.join("\n")).toMatch(/a restart of the gateway lab .* would end 1 kernel/);
    await expect(restartProvider.create(busy("refuse"), lab.context)).rejects.toThrow("it runs 1 kernel");
    await expect(restartProvider.create(busy("wait"), lab.context)).rejects.toThrow("still runs 1 kernel");
    expect(lab.service.starts()).toBe(starts);
    await restartProvider.create(busy("restart"), lab.context);
    expect(lab.service.starts()).toBe(starts + 1);
    expect(await lab.client.runningKernels()).toEqual([]);
  });

  it("a restart after which a kernel is not listed fails, and the next run only checks again", async () => {
    const strict = await startFixture({ real, allowed: ["python3"] });
    try {
      const { id } = await kernelspecProvider.create(kernelInputs(strict), strict.context);
      const { url, specsFolder, restartCommand } = strict.service;
      const restart = { mode: "command", command: [...restartCommand] };
      const wanted = inputs({ url, specsFolder, restart, registrations: [id], healthLimit: 0.1 });
      const failure = await restartProvider.create(wanted, strict.context).catch((error: unknown) => error);
      if (!(failure instanceof PartialFailure)) throw failure;
      expect(failure.reasons[0]).toMatch(/does not list quantum, .*allow-list/);
      const again = restartProvider.update(failure.id, { ...failure.properties }, wanted, strict.context);
      await expect(again).rejects.toThrow(/does not list quantum/);
      expect(strict.service.starts()).toBe(2);
      // The plan of another kernel warns of the allow-list by then; one that lists everything causes none.
      const next = kernelInputs(strict, { name: "other", displayName: "Other" });
      await kernelspecProvider.check({}, next, strict.run({ run: "plan of another" }));
      expect(strict.reported.join("\n")).toMatch(
        /does not list quantum, which its hosts have: .*Add other to the allow-list/,
      );
      await kernelspecProvider.check({}, kernelInputs(lab, { name: "other" }), lab.run({ run: "plan" }));
      expect(lab.reported.join("\n")).not.toContain("does not list");
    } finally {
      await strict.stop();
    }
  });

  it("a gateway that is down is restarted, and has its kernels", async () => {
    const { id } = await create();
    await lab.service.crash();
    const { outs } = await restartProvider.create(inputs({ registrations: [id] }), lab.context);
    expect(lab.reported.join("\n")).toContain("is unknown (it does not answer)");
    expect(outs).toMatchObject({ healthy: true });
    expect(await lab.client.kernelspecNames()).toContain("quantum");
  });

  it("two repositories whose new kernels come together share one restart", async () => {
    const made = await Promise.all(
      ["one/prod", "two/prod"].map(async (owner) => {
        const name = owner.slice(0, 3);
        return { owner, id: (await create({ name, displayName: name, owner })).id };
      }),
    );
    const starts = lab.service.starts();
    const both = made.map(({ owner, id }) =>
      restartProvider.create(inputs({ registrations: [id], owner }), lab.run({})),
    );
    for (const { outs } of await Promise.all(both)) expect(outs).toMatchObject({ healthy: true });
    expect(lab.service.starts()).toBe(starts + 1);
  });

  it("a restart killed after any of its steps and run again is made once", { timeout: LIMIT }, async () => {
    const { id } = await create();
    let starts = lab.service.starts();
    let asked = 0;
    // Each time for another word of a person.
    const order = (word: string) => inputs({ registrations: [id], restart: again(word), owner: word });
    const again = (word: string) => ({ ...Object(inputs({})["restart"]), again: word });
    const olds = { applied: [id], healthy: true, restarts: 1 };
    const next = () => {
      asked += 1;
      return { operation: "restart", inputs: order(`word ${asked}`), olds, token: lab.token };
    };
    const survived = await killEachStep(next, async (step) => {
      const { outs } = await restartProvider.update("", olds, order(`word ${asked}`), lab.run({}));
      expect(outs, `after step ${step}`).toMatchObject({ again: `word ${asked}`, healthy: true });
      expect(lab.service.starts(), `after step ${step}`).toBe(starts + 1);
      starts = lab.service.starts();
    });
    expect(survived).toBeGreaterThan(5);
  });
}
