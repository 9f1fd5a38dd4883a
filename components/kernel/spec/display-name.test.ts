import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Properties } from "../../resource/provide.ts";
import { testContext } from "../../resource/testing/test-context.ts";
import { kernelspecBody } from "./kernelspec-contract.ts";
import { kernelspecProvider } from "./kernelspec-provider.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-name-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inputs = (displayName: string, more: Properties = {}): Properties => ({
  name: "quantum",
  displayName,
  language: "python",
  image: "",
  body: kernelspecBody.parse({ backend: { kind: "process-proxy", proxy: "local" } }),
  gateway: { name: "main", hosts: [{ kind: "local" }], specsFolder: join(folder, "kernels") },
  ...more,
});
const written = () => readFileSync(join(folder, "kernels/quantum/kernel.json"), "utf8");

test("a display name that an article still names can't be changed under it, in the plan and in the run", async () => {
  const { outs } = await kernelspecProvider.create(inputs("Quantum"), testContext());
  const before = written();
  const wanted = inputs("Quantum 2", { unmet: { Quantum: ["course/bell"] } });
  const refused = /quantum can't lose the display name "Quantum": course\/bell still refer to it/;
  await expect(kernelspecProvider.diff("", outs, wanted, testContext())).rejects.toThrow(refused);
  await expect(kernelspecProvider.update("", outs, wanted, testContext())).rejects.toThrow(refused);
  expect(written()).toBe(before);
});

test("a display name that no article names any more can be changed", async () => {
  const { outs } = await kernelspecProvider.create(inputs("Quantum"), testContext());
  const wanted = inputs("Quantum 2", { unmet: { Another: ["course/bell"] } });
  expect((await kernelspecProvider.diff("", outs, wanted, testContext())).changes).toBe(true);
  await kernelspecProvider.update("", outs, wanted, testContext());
  expect(JSON.parse(written())).toMatchObject({ display_name: "Quantum 2" });
});

test("a kernel that is a process has no image, and none is pulled for it", async () => {
  const pull = { command: ["false"], timeout: 1 };
  const { outs } = await kernelspecProvider.create(inputs("Quantum", { pull }), testContext());
  expect(JSON.parse(written()).metadata.process_proxy.config).toEqual({});
  const { props = {} } = await kernelspecProvider.read("", outs, testContext());
  expect(props).toMatchObject({ image: "", hosts: { local: "" }, drift: [] });
  expect((await kernelspecProvider.diff("", props, inputs("Quantum", { pull }), testContext())).changes).toBe(
    false,
  );
  const body = kernelspecBody.parse({ backend: { kind: "process-proxy", proxy: "docker" } });
  const { failures } = await kernelspecProvider.check({}, inputs("Quantum", { body }), testContext());
  expect(failures).toMatchObject([{ property: "image" }]);
});
