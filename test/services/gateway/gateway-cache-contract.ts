import { afterAll, beforeAll, expect, it } from "vitest";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import { type GatewayFixture, image, kernelInputs, startFixture } from "./gateway-fixture.ts";

/** A gateway that caches its kernelspecs only looks where its watcher noticed something. */
export function gatewayCacheContract(real: string): void {
  let lab: GatewayFixture;
  beforeAll(async () => {
    lab = await startFixture({ real, env: { EG_KERNELSPEC_CACHE_ENABLED: "true" } });
  });
  afterAll(() => lab.stop());

  it("sees a new kernel, each update, a second kernel and a removal without a restart", async () => {
    const smoke = { enabled: false, code: "", timeout: 1 };
    const { id, outs } = await kernelspecProvider.create(kernelInputs(lab, { smoke }), lab.context);
    let state = outs;
    for (const digit of ["b", "c"]) {
      const news = kernelInputs(lab, { image: image(digit), smoke });
      state = (await kernelspecProvider.update(id, state, news, lab.context)).outs;
      expect(JSON.stringify(await lab.client.kernelspec("quantum"))).toContain(image(digit));
    }
    const other = kernelInputs(lab, { name: "other", displayName: "Other", smoke });
    const second = await kernelspecProvider.create(other, lab.context);
    expect(await lab.client.kernelspecNames()).toEqual(expect.arrayContaining(["quantum", "other"]));
    await kernelspecProvider.delete(second.id, second.outs, lab.context);
    await expect.poll(() => lab.client.kernelspecNames()).not.toContain("other");
    await kernelspecProvider.delete(id, state, lab.context);
    await expect.poll(() => lab.client.kernelspecNames()).not.toContain("quantum");
    expect(lab.service.starts()).toBe(1);
  });
}
