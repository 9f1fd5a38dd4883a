import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Properties } from "../../../resource/provide.ts";
import { testContext } from "../../../resource/testing/test-context.ts";
import { openTransport } from "../../hosts/transport/connections.ts";
import { type Transport, TransportError } from "../../hosts/transport/transport.ts";
import { kernelspecBody } from "../kernelspec-contract.ts";
import { kernelspecProviderOver } from "../kernelspec-provider.ts";

let folder: string;
/** Whether the host refuses every write. */
let full = false;
const file = (name = "kernel.json") => join(folder, "kernels/quantum", name);
const written = () => readFileSync(file(), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-rollback-"));
  full = false;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const local = openTransport({ kind: "local" });
const host: Transport = {
  ...local,
  writeAtomically: (path, content, options) => {
    if (!full) return local.writeAtomically(path, content, options);
    return Promise.reject(
      new TransportError("local", `write ${path}`, "no space is left", "Make room", "no-space"),
    );
  },
};
const provider = kernelspecProviderOver(() => host);

const inputs = (level: string, more: Properties = {}): Properties => ({
  name: "quantum",
  displayName: "Quantum",
  language: "python",
  image: "",
  body: kernelspecBody.parse({ backend: { kind: "process-proxy", proxy: "local" }, env: { LEVEL: level } }),
  gateway: { name: "main", hosts: [{ kind: "local" }], specsFolder: join(folder, "kernels") },
  ...more,
});
const update = async (olds: Properties, news: Properties) =>
  (await provider.update("", olds, news, testContext())).outs;

test("a host without room keeps what it has, and that is reported", async () => {
  const { outs } = await provider.create(inputs("1"), testContext());
  const before = written();
  full = true;
  await expect(update(outs, inputs("2"))).rejects.toThrow(
    /no space is left; what was there before is restored on local/,
  );
  expect(written()).toBe(before);
});

test("after updates that failed, a rollback goes to the file before the last update that worked", async () => {
  const { outs } = await provider.create(inputs("1"), testContext());
  const first = written();
  const second = await update(outs, inputs("2"));
  full = true;
  for (const level of ["3", "4"]) await expect(update(second, inputs(level))).rejects.toThrow("no space");
  full = false;
  await update(second, inputs("4", { rollback: true }));
  expect(written()).toBe(first);
});

test("a rollback that has nowhere to go fails", async () => {
  const { outs } = await provider.create(inputs("1"), testContext());
  const back = inputs("1", { rollback: true });
  await expect(update(outs, back)).rejects.toThrow(/nothing to go back to: \S+previous is missing/);
  copyFileSync(file(), file("kernel.json.previous"));
  await expect(update(outs, back)).rejects.toThrow(/previous is the same as the current kernel\.json/);
});
