import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { connectAsConfigured } from "../../../components/kernel/hosts/hosts.ts";
import { kernelspecProviderOver } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { type GatewayFixture, image, kernelInputs, startFixture } from "./gateway-fixture.ts";

/** Repositories that share a gateway leave each other's kernels alone, though their stacks have one name. */
export function gatewayOwnershipContract(real: string | false): void {
  let lab: GatewayFixture;
  beforeAll(async () => {
    lab = await startFixture({ real });
  });
  afterAll(() => lab.stop());
  afterEach(() => {
    for (const name of readdirSync(lab.service.specsFolder)) {
      rmSync(join(lab.service.specsFolder, name), { recursive: true });
    }
    lab.reported.length = 0;
  });

  const of = (repository: string | undefined) =>
    kernelspecProviderOver(connectAsConfigured, async () => repository);
  const physics = of("github.com/physics/courses");
  const biology = of("github.com/biology/courses");
  const inputs = (changes: Properties = {}) => kernelInputs(lab, changes);
  const kernelJson = () => lab.kernelJson("quantum");
  const rewrite = (text: string) =>
    writeFileSync(join(lab.service.specsFolder, "quantum", "kernel.json"), text);
  const unmarked = () => {
    const { metadata, ...spec } = JSON.parse(kernelJson());
    const { lectern: _, ...rest } = metadata;
    return `${JSON.stringify({ ...spec, display_name: "By hand", metadata: rest })}\n`;
  };

  it("a kernel of another repository is not taken over, and its owner is named", async () => {
    await physics.create(inputs(), lab.context);
    const before = kernelJson();
    await expect(biology.create(inputs({ image: image("b") }), lab.context)).rejects.toThrow(
      /quantum already exists and belongs to lectern\/test of github.com\/physics\/courses/,
    );
    expect(kernelJson()).toBe(before);
  });

  it("a kernel that an earlier run of the same repository left is taken over, also by one that can't tell", async () => {
    const { id } = await physics.create(inputs(), lab.context);
    const again = await physics.create(inputs({ image: image("b") }), lab.context);
    expect(again.id).not.toBe(id);
    await of(undefined).create(inputs(), lab.context);
    expect(lab.reported.filter((message) => message.includes("taken over"))).toHaveLength(2);
  });

  it("a kernel.json that somebody wrote in the place of ours is neither changed nor removed", async () => {
    const { id, outs } = await physics.create(inputs(), lab.context);
    const theirs = unmarked();
    rewrite(theirs);
    await expect(physics.update(id, outs, inputs({ image: image("b") }), lab.context)).rejects.toThrow(
      /was written by somebody else/,
    );
    await physics.delete(id, outs, lab.context);
    expect(lab.reported.join("\n")).toContain("is another owner's and stays");
    expect(kernelJson()).toBe(theirs);
  });

  it("one that can't be read is nobody's: it is written again, and removed", async () => {
    const { id, outs } = await physics.create(inputs(), lab.context);
    const written = kernelJson();
    rewrite(written.slice(0, 20));
    const { props = {} } = await physics.read(id, outs, lab.context);
    const fixed = await physics.update(id, props, inputs(), lab.context);
    expect(kernelJson()).toBe(written);
    rewrite("{");
    await physics.delete(id, fixed.outs, lab.context);
    expect(readdirSync(lab.service.specsFolder)).toEqual([]);
  });

  it("a registration that another stack has taken is not removed with ours", async () => {
    const { id, outs } = await physics.create(inputs(), lab.context);
    const theirs = kernelJson().replace(id, "kernel/quantum/of-another-stack");
    rewrite(theirs);
    await expect(physics.update(id, outs, inputs({ image: image("b") }), lab.context)).rejects.toThrow(
      /registered again by lectern\/test of github.com\/physics\/courses/,
    );
    await physics.delete(id, outs, lab.context);
    expect(kernelJson()).toBe(theirs);
  });
}
