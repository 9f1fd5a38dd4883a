import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { type GatewayFixture, image, kernelInputs, startFixture, stateOf } from "./gateway-fixture.ts";

/** What must hold on every gateway, the real one and the stand-in. */
export function gatewayContract(real: string | false): void {
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
  const update = async (olds: Properties, changes: Properties) => {
    const { outs } = await kernelspecProvider.update("", olds, kernelInputs(lab, changes), lab.context);
    return outs;
  };
  const changes = async (olds: Properties, news: Properties) =>
    (await kernelspecProvider.diff("", olds, kernelInputs(lab, news), lab.context)).changes;
  const start = async () => {
    const id = randomUUID();
    await lab.client.startKernel("quantum", id, { KERNEL_USERNAME: "ann" }, 60_000);
    return id;
  };
  const evaluate = async (id: string, code: string) =>
    (await lab.client.execute(id, code, 60_000)).output.trim();

  it("a created kernel is in the API with the exact digest, and a second run changes nothing", async () => {
    const { id, outs } = await create();
    expect(id).toMatch(/^kernel\/quantum\/[0-9a-f-]{36}$/);
    expect(stateOf(outs)).toMatchObject({
      registration: id,
      image: image("a"),
      hosts: { local: image("a") },
    });
    const listed = await lab.client.kernelspec("quantum");
    expect(listed?.spec).toMatchObject({
      display_name: "Quantum 1",
      metadata: { process_proxy: { config: { image_name: image("a") } }, lectern: { registration: id } },
    });
    expect(await changes(outs, {})).toBe(false);
    expect(readdirSync(join(lab.service.specsFolder, "quantum"))).toEqual(["kernel.json"]);
  });

  it("an update leaves a running kernel running, and the next start gets the new image", async () => {
    const { outs } = await create();
    const running = await start();
    const before = await evaluate(
      running,
      "import os\nkept = 'here'\nos.getpid(), os.environ['KERNEL_IMAGE']",
    );
    expect(before).toContain(image("a"));
    const starts = lab.service.starts();

    const updated = await update(outs, { image: image("b") });
    expect(stateOf(updated).registration).toBe(stateOf(outs).registration);
    expect(await evaluate(running, "os.getpid(), os.environ['KERNEL_IMAGE']")).toBe(before);
    expect(await evaluate(running, "kept")).toBe("'here'");
    expect(await evaluate(await start(), "import os\nos.environ['KERNEL_IMAGE']")).toBe(`'${image("b")}'`);
    expect(lab.service.starts()).toBe(starts);
  });

  it("an update of the image keeps every other byte of kernel.json, and the old file beside", async () => {
    const { outs } = await create();
    const file = join(lab.service.specsFolder, "quantum", "kernel.json");
    const byHand = lab
      .kernelJson("quantum")
      .replace('"LEVEL"', '  "LEVEL"  ')
      .replace('"1"', '"1",\n"HAND": "yes"');
    writeFileSync(file, byHand);
    await update(outs, { image: image("b") });
    expect(lab.kernelJson("quantum")).toBe(byHand.replace(image("a"), image("b")));
    expect(readdirSync(join(lab.service.specsFolder, "quantum"))).toContain("kernel.json.previous");
  });

  it("a failed smoke leaves kernel.json byte-identical and shows the kernel's traceback", async () => {
    const { outs } = await create();
    const before = lab.kernelJson("quantum");
    const smoke = {
      enabled: true,
      code: "import os\nif 'b' in os.environ['KERNEL_IMAGE'][-4:]: 1 / 0",
      timeout: 60,
    };
    const failure = update(outs, { image: image("b"), smoke });
    await expect(failure).rejects.toThrow(
      /quantum[\s\S]*kernel.json stays[\s\S]*Traceback[\s\S]*ZeroDivisionError/,
    );
    expect(lab.kernelJson("quantum")).toBe(before);
    expect(await lab.client.runningKernels()).toEqual([]);
    const nobody = { ...smoke, code: "import os\nassert os.environ['KERNEL_USERNAME'] == 'root'" };
    await expect(update(outs, { image: image("c"), smoke: nobody })).rejects.toThrow("AssertionError");
    // The same cell passes on an image that works.
    await update(outs, { image: image("c"), smoke });
    expect(lab.kernelJson("quantum")).toBe(before.replace(image("a"), image("c")));
  });

  it("a failed verification puts the old file back and reports it", async () => {
    const smokeless = { smoke: { enabled: false, code: "", timeout: 1 } };
    const { outs: first } = await create();
    const original = lab.kernelJson("quantum");
    const outs = await update(first, { image: image("b"), ...smokeless });
    const before = lab.kernelJson("quantum");
    const elsewhere = await startFixture({ real: false });
    try {
      const gateway = { ...kernelInputs(lab)["gateway"], url: elsewhere.service.url };
      // The clock hurries, so that the limit is near.
      let now = 0;
      const sleep = async (pause: number) => {
        now += pause * 100;
      };
      const clock = { now: () => now, sleep };
      const news = kernelInputs(lab, { image: image("c"), gateway, ...smokeless });
      const failure = kernelspecProvider.update("", outs, news, lab.run({ clock }));
      await expect(failure).rejects.toThrow(/verification.*doesn't know the kernel.*restored on local/);
      expect(lab.kernelJson("quantum")).toBe(before);
      // A rollback still goes to what was before the last update that worked.
      await update(outs, { image: image("b"), rollback: true, ...smokeless });
      expect(lab.kernelJson("quantum")).toBe(original);
    } finally {
      await elsewhere.stop();
    }
  });

  it("other changes rewrite the file", async () => {
    const { outs } = await create();
    const body = { ...kernelInputs(lab)["body"], env: { LEVEL: "2" } };
    const news = { displayName: "Quantum 2", body };
    expect(await changes(outs, news)).toBe(true);
    const updated = await update(outs, news);
    expect((await lab.client.kernelspec("quantum"))?.spec).toMatchObject({
      display_name: "Quantum 2",
      env: { LEVEL: "2" },
    });
    expect(await changes(updated, news)).toBe(false);
  });

  it("a rollback to a file of another display name is refused, and writes nothing", async () => {
    const { outs } = await create();
    const renamed = await update(outs, { displayName: "Another name" });
    const before = lab.kernelJson("quantum");
    await expect(update(renamed, { displayName: "Another name", rollback: true })).rejects.toThrow(
      /rollback: the previous kernel\.json of quantum has the display name/,
    );
    expect(lab.kernelJson("quantum")).toBe(before);
  });

  it("a rollback goes back to the previous file, and stays until it is taken back", async () => {
    const { outs } = await create();
    const before = lab.kernelJson("quantum");
    const updated = await update(outs, { image: image("b") });
    const back = await update(updated, { image: image("b"), rollback: true });
    expect(lab.kernelJson("quantum")).toBe(before);
    expect(stateOf(back).image).toBe(image("a"));
    // Interrupted before its state was saved, and run again: it stays there.
    await update(updated, { image: image("b"), rollback: true });
    expect(lab.kernelJson("quantum")).toBe(before);
    expect(await changes(back, { image: image("b"), rollback: true })).toBe(false);
    expect(await changes(back, { image: image("b") })).toBe(true);
    const forward = await update(back, { image: image("b") });
    expect(stateOf(forward).image).toBe(image("b"));
    expect(lab.kernelJson("quantum")).toContain(image("b"));
  });

  it("a refresh shows drift, and the next update fixes it", async () => {
    const { outs } = await create();
    const file = join(lab.service.specsFolder, "quantum", "kernel.json");
    const written = lab.kernelJson("quantum");
    writeFileSync(file, written.replace(image("a"), image("d")));
    const { props: seen = {} } = await kernelspecProvider.read(stateOf(outs).registration, outs, lab.context);
    expect(stateOf(seen)).toMatchObject({ image: image("d"), hosts: { local: image("d") } });
    expect(stateOf(seen).drift[0]).toBe(`local: the image is ${image("d")}`);
    expect(await changes(seen, {})).toBe(true);
    const fixed = await update(seen, {});
    expect(lab.kernelJson("quantum")).toBe(written);
    expect(await changes(fixed, {})).toBe(false);
    rmSync(join(lab.service.specsFolder, "quantum"), { recursive: true });
    expect((await kernelspecProvider.read(stateOf(outs).registration, fixed, lab.context)).id).toBe("");
  });

  it("a folder of somebody else is refused, and one with the same content is taken over", async () => {
    const folder = join(lab.service.specsFolder, "quantum");
    mkdirSync(folder);
    writeFileSync(join(folder, "kernel.json"), JSON.stringify({ argv: ["x"], display_name: "Mine" }));
    await expect(create()).rejects.toThrow(/was not created by this stack/);
    expect(lab.kernelJson("quantum")).toContain("Mine");

    rmSync(folder, { recursive: true });
    await create();
    const { metadata, ...spec } = JSON.parse(lab.kernelJson("quantum"));
    const { lectern: _, ...unmarked } = metadata;
    writeFileSync(join(folder, "kernel.json"), JSON.stringify({ ...spec, metadata: unmarked }));
    const { id } = await create();
    expect(JSON.parse(lab.kernelJson("quantum")).metadata.lectern.registration).toBe(id);
  });

  it("a removed kernel is gone from the API, and one that a course names stays", async () => {
    const { id, outs } = await create({ usedBy: ["course/bell-states"] });
    await expect(kernelspecProvider.delete(id, outs, lab.context)).rejects.toThrow(
      /courses name "Quantum 1"/,
    );
    expect(await lab.client.kernelspec("quantum")).toBeDefined();
    const unused = await update(outs, { displayName: "Quantum 2", usedBy: [] });
    await kernelspecProvider.delete(id, unused, lab.context);
    expect(await lab.client.kernelspec("quantum")).toBeUndefined();
    expect(readdirSync(lab.service.specsFolder)).toEqual([]);
    // A second time finds nothing to do.
    await kernelspecProvider.delete(id, unused, lab.context);
  });
}
