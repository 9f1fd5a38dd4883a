import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectAsConfigured } from "../../../components/kernel/hosts/hosts.ts";
import { kernelspecProviderOver } from "../../../components/kernel/spec/kernelspec-provider.ts";
import { type GatewayFixture, image, kernelInputs, startFixture } from "./gateway-fixture.ts";

/** Kernels that others have installed on a gateway are adopted while students use them. */
export function gatewayAdoptionContract(real: string | false): void {
  let lab: GatewayFixture;
  beforeAll(async () => {
    lab = await startFixture({ real });
  });
  afterAll(() => lab.stop());
  const provider = kernelspecProviderOver(connectAsConfigured, async () => undefined);
  const imageIn = "import os\nos.environ['KERNEL_IMAGE']";

  it("a kernel of another tool is adopted with its image's digest, and what runs goes on", async () => {
    const { body } = kernelInputs(lab);
    const folder = join(lab.service.specsFolder, "quantum");
    const spec = {
      argv: body.argv,
      env: { ...body.env },
      display_name: "Quantum 1",
      language: "python",
      metadata: {
        process_proxy: {
          class_name: "enterprise_gateway.services.processproxies.processproxy.LocalProcessProxy",
          config: { image_name: "registry.example.org/kernels/quantum:1" },
        },
      },
    };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
    const running = randomUUID();
    await lab.client.startKernel("quantum", running, { KERNEL_USERNAME: "ada" }, 60_000);
    try {
      const inputs = kernelInputs(lab, { adopt: true, body: { ...body, metadata: { debugger: false } } });
      const { id } = await provider.create(inputs, lab.context);
      expect(id).toMatch(/^kernel\/quantum\/adopted-/);
      const { metadata, ...rest } = JSON.parse(lab.kernelJson("quantum"));
      const { metadata: _, ...before } = spec;
      expect(rest).toEqual(before);
      expect(metadata.process_proxy.config.image_name).toBe(image("a"));
      // The trial of the new image ran beside it.
      expect(lab.reported.join("\n")).toMatch(/smoke kernel/);
      expect((await lab.client.execute(running, imageIn, 60_000)).output).toContain("quantum:1");
    } finally {
      await lab.client.deleteKernel(running);
      rmSync(folder, { recursive: true });
    }
  });
}
