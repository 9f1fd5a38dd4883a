import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Properties } from "../../../components/resource/provide.ts";
import { image, stateOf } from "./gateway-fixture.ts";
import { startTwoHosts, type TwoHosts } from "./gateway-two-hosts.ts";

let lab: TwoHosts;
beforeEach(async () => {
  lab = await startTwoHosts();
});
afterEach(() => lab.stop());

const create = (changes: Properties = {}) => lab.provider.create(lab.inputs(changes), lab.context);
const update = async (olds: Properties, changes: Properties) =>
  (await lab.provider.update("", olds, lab.inputs({ smoke: undefined, ...changes }), lab.context)).outs;
const changes = async (olds: Properties, news: Properties = {}) =>
  (await lab.provider.diff("", olds, lab.inputs(news), lab.context)).changes;
const refresh = async (outs: Properties) =>
  (await lab.provider.read(stateOf(outs).registration, outs, lab.context)).props ?? {};
const folderOnB = (name: string) => lab.onB(join(lab.service.specsFolder, name));

it("every host gets image and spec, and one pull serves all kernels of a digest", async () => {
  const pull = { command: ["true", "pull"], timeout: 60 };
  const names = ["one", "two", "three"];
  const made = await Promise.all(names.map((name) => create({ name, displayName: name, pull })));
  expect(lab.runs.toSorted()).toEqual([`a: true pull ${image("a")}`, `b: true pull ${image("a")}`]);
  for (const [index, name] of names.entries()) {
    expect(lab.kernelJsonOnB(name)).toBe(lab.kernelJson(name));
    expect(lab.kernelJson(name)).toContain(made[index]?.id);
  }
});

it("a pull that fails ends the update before any spec names the image", async () => {
  const { outs } = await create();
  const before = lab.kernelJson("quantum");
  const pull = { command: ["ls", "/nowhere"], timeout: 60 };
  await expect(update(outs, { image: image("b"), pull })).rejects.toThrow(
    /[ab]: `ls \/nowhere` .* failed with exit code 2/,
  );
  expect([lab.kernelJson("quantum"), lab.kernelJsonOnB("quantum")]).toEqual([before, before]);
});

it("a host that fails half-way: all hosts have the old file, and the error names the host and the cause", async () => {
  const { outs } = await create();
  const before = lab.kernelJson("quantum");
  lab.broken.add("b writeAtomically");
  const failure = update(outs, { image: image("b") });
  await expect(failure).rejects.toThrow(
    /quantum: b: write .*kernel.json: .*the disk is gone; what was there before is restored on b, a\./,
  );
  expect([lab.kernelJson("quantum"), lab.kernelJsonOnB("quantum")]).toEqual([before, before]);
  lab.broken.clear();
  await update(outs, { image: image("b") });
  expect(lab.kernelJsonOnB("quantum")).toBe(before.replace(image("a"), image("b")));
});

it("a create that fails on one host leaves nothing on the other", async () => {
  lab.broken.add("b rename");
  await expect(create({ smoke: undefined })).rejects.toThrow(
    /quantum: b: install .*quantum: .*the disk is gone/,
  );
  expect(readdirSync(lab.service.specsFolder)).toEqual([]);
  await expect(create()).rejects.toThrow(/b: .*lectern-trial-quantum.* can't be made: .*the disk is gone/);
  expect(readdirSync(lab.service.specsFolder)).toEqual([]);
  lab.broken.clear();
  await create();
  expect(existsSync(folderOnB("quantum"))).toBe(true);
});

it("hosts that differ, and a folder that is missing on one, are shown by a refresh and fixed", async () => {
  const { outs } = await create();
  const written = lab.kernelJson("quantum");
  writeFileSync(join(folderOnB("quantum"), "kernel.json"), written.replace(image("a"), image("d")));
  const seen = await refresh(outs);
  expect(stateOf(seen)).toMatchObject({
    hosts: { a: image("a"), b: image("d") },
    drift: [`b: the image is ${image("d")}`],
  });
  const fixed = await update(seen, {});
  expect(lab.kernelJsonOnB("quantum")).toBe(written);

  rmSync(folderOnB("quantum"), { recursive: true });
  const missing = await refresh(fixed);
  expect(stateOf(missing).drift).toEqual(["b: kernel.json is missing"]);
  expect(await changes(missing)).toBe(true);
  const whole = await update(missing, {});
  expect(lab.kernelJsonOnB("quantum")).toBe(written);
  expect(await changes(whole)).toBe(false);
  expect(stateOf(await refresh(whole)).drift).toEqual([]);
});

it("a change by hand outlives an update of the image, and the next refresh shows it", async () => {
  const { outs } = await create();
  const byHand = lab.kernelJson("quantum").replace('"LEVEL": "1"', '"LEVEL": "9"');
  writeFileSync(join(folderOnB("quantum"), "kernel.json"), byHand);
  const updated = await update(outs, { image: image("b") });
  expect(lab.kernelJsonOnB("quantum")).toBe(byHand.replace(image("a"), image("b")));
  expect(lab.reported.join("\n")).toContain("was changed by hand; only its image is replaced");
  expect(stateOf(await refresh(updated)).drift).toEqual(["b: kernel.json was changed"]);
});

it("a new host gets the kernel, and one that is no longer the gateway's loses it", async () => {
  const { outs } = await create({ hosts: ["a"] });
  expect(existsSync(folderOnB("quantum"))).toBe(false);
  expect(await changes(outs)).toBe(true);
  const both = await update(outs, {});
  expect(lab.kernelJsonOnB("quantum")).toBe(lab.kernelJson("quantum"));
  await update(both, { hosts: ["a"] });
  expect(existsSync(folderOnB("quantum"))).toBe(false);
  expect(lab.kernelJson("quantum")).toContain(stateOf(outs).registration);
});

it("launch scripts come from the gateway's own copies on each host", async () => {
  const body = { backend: { kind: "process-proxy", proxy: "docker" } };
  await expect(create({ body })).rejects.toThrow(
    /a: .*python_docker\/scripts has no readable launch_docker.py.*scriptsFolder/,
  );
  for (const place of [(path: string) => path, lab.onB]) {
    const scripts = place(join(lab.service.specsFolder, "python_docker/scripts"));
    mkdirSync(scripts, { recursive: true });
    writeFileSync(join(scripts, "launch_docker.py"), "# launches");
  }
  await create({ body });
  expect(readdirSync(join(folderOnB("quantum"), "scripts"))).toEqual(["launch_docker.py"]);
  expect(readdirSync(join(lab.service.specsFolder, "quantum", "scripts"))).toEqual(["launch_docker.py"]);
});

it("a replacement in the same folder outlives the removal of what it replaced", async () => {
  const { id, outs } = await create();
  const made = await create();
  expect(made.id).not.toBe(id);
  await lab.provider.delete(id, outs, lab.context);
  expect(lab.reported.join("\n")).toContain("is another owner's and stays");
  for (const text of [lab.kernelJson("quantum"), lab.kernelJsonOnB("quantum")])
    expect(text).toContain(made.id);
  // What the replaced one had kept is no file of this one to go back to.
  const back = update(made.outs, { rollback: true });
  await expect(back).rejects.toThrow(
    /nothing to go back to: \S+kernel.json.previous is missing or unreadable/,
  );
});

it("a gateway's other name changes no byte on its hosts", async () => {
  const { id, outs } = await create();
  const before = lab.kernelJson("quantum");
  const renamed = { ...lab.inputs(), gateway: { ...lab.inputs()["gateway"], name: "other" } };
  expect(await lab.provider.diff(id, outs, renamed, lab.context)).toEqual({ changes: true });
  const updated = (await lab.provider.update(id, outs, renamed, lab.context)).outs;
  expect([lab.kernelJson("quantum"), lab.kernelJsonOnB("quantum")]).toEqual([before, before]);
  expect(await lab.provider.diff(id, updated, renamed, lab.context)).toEqual({ changes: false });
});
