import { mkdtempSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { codeCell, notebook } from "../../../components/article/source/testing/articles.ts";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { startRegistry } from "../../../sandbox/services/registry/registry.ts";
import {
  type GatewayFixture,
  image,
  kernelInputs,
  startFixture,
  stateOf,
} from "../gateway/gateway-fixture.ts";
import { findEnterpriseGateway, requireService } from "../require.ts";
import { labCourse } from "./proof-world.ts";

const [OLD, NEW, NEWER] = [image("a"), image("b"), image("c")];
/** A cell that fails on the new image alone. */
const BREAKS = "import os\nassert 'b' * 64 not in os.environ['KERNEL_IMAGE']";

describe("with the sandbox's stand-in", () => holdContract(false));
requireService("a Jupyter Enterprise Gateway", findEnterpriseGateway, (program) => holdContract(program));

/** A kernel keeps its image where a notebook of its courses fails on the new one: on the real gateway and the stand-in. */
function holdContract(real: string | false): void {
  let lab: GatewayFixture;
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  const given = process.env["LECTERN_PROOFS"];
  beforeAll(async () => {
    registry = await startRegistry({ folder: mkdtempSync(join(tmpdir(), "lectern-registry-")), port: 0 });
    const registries = JSON.stringify({ "registry.example.org": { endpoint: registry.url } });
    lab = await startFixture({ real }, { registries });
  });
  afterAll(async () => {
    if (given === undefined) delete process.env["LECTERN_PROOFS"];
    else process.env["LECTERN_PROOFS"] = given;
    await lab.stop();
    await registry.stop();
  });
  afterEach(() => {
    lab.reported.length = 0;
  });

  /** A course, a folder of proofs and a kernel of its own. */
  async function kernelOf(name: string, cells: readonly string[]) {
    process.env["LECTERN_PROOFS"] = mkdtempSync(join(tmpdir(), "lectern-proofs-"));
    const folder = await labCourse({ "one.ipynb": cells, "two.ipynb": ["2 + 2"] });
    const inputs = (changes: Properties = {}, mode = "require") => {
      const courses = [{ id: "course/lab", folder }];
      const own = {
        name,
        displayName: "Lab",
        proof: { mode, courses },
        smoke: { enabled: false, code: "1", timeout: 60 },
      };
      return kernelInputs(lab, { ...own, ...changes });
    };
    const { outs } = await kernelspecProvider.create(inputs(), lab.context);
    const update = async (olds: Properties, changes: Properties, mode?: string) =>
      (await kernelspecProvider.update("", olds, inputs(changes, mode), lab.run({}))).outs;
    const diff = async (olds: Properties, changes: Properties, mode?: string) =>
      (await kernelspecProvider.diff("", olds, inputs(changes, mode), lab.run({}))).changes;
    const imageNow = () =>
      JSON.parse(readFileSync(join(lab.service.specsFolder, name, "kernel.json"), "utf8")).metadata
        .process_proxy.config.image_name;
    return { folder, outs, update, diff, imageNow };
  }

  it("holds its image, says why, then changes and runs nothing, until the notebook is fixed", async () => {
    const { folder, outs, update, diff, imageNow } = await kernelOf("held", ["1 + 1", BREAKS]);
    expect(await diff(outs, { image: NEW })).toBe(true);
    expect(lab.reported.join("\n")).toMatch(/2 of 2 notebooks are to run on /);
    const held = await update(outs, { image: NEW });
    expect(imageNow()).toBe(OLD);
    expect(stateOf(held).image).toBe(OLD);
    expect(stateOf(held).held?.reason).toMatch(
      /^course\/lab one\.ipynb fails at cell 2 \(AssertionError\) on /,
    );
    expect(await lab.client.runningKernels()).toEqual([]);

    lab.reported.length = 0;
    expect(await diff(held, { image: NEW })).toBe(false);
    expect(lab.reported).toEqual([
      expect.stringMatching(/^the kernel keeps .*@sha256:a.*: course\/lab one\.ipynb/),
    ]);

    await writeFile(join(folder, "one.ipynb"), JSON.stringify(notebook([codeCell("1 + 1"), codeCell("3")])));
    expect(await diff(held, { image: NEW })).toBe(true);
    const fixed = await update(held, { image: NEW });
    expect(lab.reported.join("\n")).toMatch(/running 1 of 2 notebooks/);
    expect(imageNow()).toBe(NEW);
    expect(stateOf(fixed)).toMatchObject({ image: NEW });
    expect(stateOf(fixed).held).toBeUndefined();
  });

  it("gets other changes while its image is held, and another image that passes", async () => {
    const { outs, update, diff, imageNow } = await kernelOf("changing", [BREAKS]);
    const held = await update(outs, { image: NEW });
    const body = { ...kernelInputs(lab).body, env: { LEVEL: "2" } };
    expect(await diff(held, { image: NEW, body })).toBe(true);
    const changed = await update(held, { image: NEW, body });
    expect(imageNow()).toBe(OLD);
    expect(stateOf(changed).applied.body.env).toEqual({ LEVEL: "2" });
    expect(stateOf(changed).held?.image).toBe(NEW);
    await update(changed, { image: NEWER, body });
    expect(imageNow()).toBe(NEWER);
  });

  it("forgets what it held once its own image is wanted again", async () => {
    const { outs, update, diff } = await kernelOf("returning", [BREAKS]);
    const held = await update(outs, { image: NEW });
    expect(await diff(held, { image: OLD })).toBe(true);
    const back = await update(held, { image: OLD });
    expect(stateOf(back).held).toBeUndefined();
    expect(await diff(back, { image: OLD })).toBe(false);
  });

  it("gets an image on which a notebook fails where that is only reported", async () => {
    const { outs, update, diff, imageNow } = await kernelOf("warned", [BREAKS]);
    const held = await update(outs, { image: NEW });
    expect(imageNow()).toBe(OLD);
    expect(await diff(held, { image: NEW }, "warn")).toBe(true);
    await update(held, { image: NEW }, "warn");
    expect(imageNow()).toBe(NEW);
    expect(lab.reported.join("\n")).toMatch(/lectern:prove is warn, so the kernel gets the image/);
  });
}
