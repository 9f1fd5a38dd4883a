import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Qbook, startQbook } from "../../../sandbox/services/qbook/qbook.ts";
import type { Clock } from "../../resource/context/clock.ts";
import { systemClock } from "../../resource/context/clock.ts";
import type { ContextParts } from "../../resource/context/context.ts";
import type { Properties } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import { steppingClock, testContext } from "../../resource/testing/test-context.ts";
import { qbraidKernelProvider as provider } from "./qbraid-kernel-provider.ts";

let root: string;
let api: Qbook;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "lectern-qbraid-"));
  mkdirSync(join(root, "context"));
  writeFileSync(join(root, "context/Dockerfile"), "FROM python:3.12\n");
  await serveApi(20);
});
/** @param latency milliseconds that a build takes */
const serveApi = async (latency: number) => {
  api = await startQbook({ folder: join(root, "api"), apiKey: "the-key", latency });
};
afterEach(async () => {
  await api.stop();
  rmSync(root, { recursive: true });
});

/** A run of its own. */
const run = (apiKey = "the-key", parts: Partial<ContextParts> = {}) =>
  testContext({ apiUrl: api.url, apiKey }, { clock: systemClock, ...parts });
const inputs = (changes: Properties = {}): Properties => ({
  name: "bell",
  displayName: "Bell states",
  language: "python",
  folder: join(root, "context"),
  digest: "sha256:1",
  ...changes,
});
const check = async (changes: Properties = {}) =>
  (await provider.check({}, inputs(changes), run())).failures.map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
const posts = () => api.calls().filter(({ method }) => method === "POST").length;

describe("a kernel of the service", () => {
  it("is built, polled until it is active, and the same again changes nothing", async () => {
    writeFileSync(join(root, "context/requirements.txt"), "qiskit\n");
    const { id, outs } = await provider.create(inputs(), run());
    expect(id).toBe("qbraid-kernel/bell");
    expect(outs["imageUri"]).toMatch(/kernels\/bell@sha256:/);
    expect(await provider.diff(id, outs, inputs(), run())).toEqual({ changes: false });
    expect(await provider.diff(id, outs, inputs({ name: "other" }), run())).toMatchObject({
      replaces: ["name"],
    });
  });

  it("that the service has already is adopted", async () => {
    const first = await provider.create(inputs(), run());
    const context = run();
    const second = await provider.create(inputs(), context);
    expect(second.outs["imageUri"]).toBe(first.outs["imageUri"]);
    expect(context.reports.map(({ message }) => message).join("\n")).toContain("used as it is");
  });

  it("whose build fails is reported, and built again by the next run", async () => {
    api.setFault({ on: "deploy", fault: "build-failed", times: 1 });
    const failure = await provider.create(inputs(), run()).catch((error: unknown) => error);
    if (!(failure instanceof PartialFailure)) throw failure;
    expect(failure.reasons[0]).toContain("the image could not be built");
    expect((await provider.diff(failure.id, { ...failure.properties }, inputs(), run())).changes).toBe(true);
    const again = await provider.update(failure.id, { ...failure.properties }, inputs(), run());
    expect(again.outs).toMatchObject({ unfinished: false });
  });

  it.each([
    [
      "whose build takes too long",
      () => run("the-key", { clock: steppingClock() }),
      "is not done after 60 s",
    ],
    ["whose wait for the build is interrupted", () => interrupted(), "interrupted"],
  ])("%s is waited for by the next run, without a second build", async (_, context, reason) => {
    await api.stop();
    await serveApi(3_600_000);
    const create = provider.create(inputs({ buildLimit: 60 }), context());
    const failure = await create.catch((error: unknown) => error);
    if (!(failure instanceof PartialFailure)) throw failure;
    expect(failure.reasons[0]).toContain(`${reason}; the next run continues to wait`);
    expect(failure.properties).toMatchObject({ buildId: expect.stringMatching(/./), unfinished: true });
    await api.stop();
    await serveApi(0);
    const again = await provider.update(failure.id, { ...failure.properties }, inputs(), run());
    expect(again.outs["imageUri"]).toMatch(/kernels\/bell@sha256:/);
    expect(posts()).toBe(0);
  });

  it("can't be built again under its name, and the error gives the remedy", async () => {
    const { id, outs } = await provider.create(inputs(), run());
    const changed = provider.update(id, outs, inputs({ digest: "sha256:2" }), run());
    await expect(changed).rejects.toThrow(/can't rebuild bell.*another name/);
  });

  it("never shows the key", async () => {
    const wrong = provider.create(inputs(), run("a-wrong-key"));
    const error = await wrong.catch((caught: unknown) => String(caught));
    expect(error).toMatch(/status 401/);
    expect(error).not.toContain("a-wrong-key");
  });

  it("is asked for over one safe connection: without a key or over plain http nothing is sent", async () => {
    const without = testContext({ apiUrl: api.url });
    await expect(provider.create(inputs(), without)).rejects.toThrow(/lectern:apiKey/);
    const plain = testContext({ apiUrl: "http://qbook.example.org/api", apiKey: "the-key" });
    await expect(provider.create(inputs(), plain)).rejects.toThrow(/lectern:apiUrl/);
    expect(api.calls()).toEqual([]);
  });

  it("kept in the state of version 0.1.0 shows no change", async () => {
    const applied = { displayName: "Bell states", language: "python", digest: "sha256:1" };
    const kept = {
      __provider: "exports.handler = …",
      name: "bell",
      displayName: "Bell states",
      image: "registry.qbook.invalid/kernels/bell@sha256:1",
      imageUri: "registry.qbook.invalid/kernels/bell@sha256:1",
      buildId: "build-1",
      unfinished: false,
      applied,
    };
    expect(await provider.diff("qbraid-kernel/bell", kept, inputs(), run())).toEqual({ changes: false });
    const resources = { defaultCpu: 2, defaultMemory: "4Gi" };
    const larger = { ...kept, applied: { ...applied, resources } };
    const same = inputs({ resources });
    expect(await provider.diff("qbraid-kernel/bell", larger, same, run())).toEqual({ changes: false });
  });
});

describe("check", () => {
  it("accepts a plain context", async () => {
    expect(await check()).toEqual([]);
  });

  it("reports every wrong name and label at once", async () => {
    const failures = await check({ name: "Bell States", displayName: " Bell", language: "a b" });
    expect(failures.map((failure) => failure.split(":")[0])).toEqual(["name", "displayName", "language"]);
  });

  it("refuses secrets, links, strange names and large files", async () => {
    const file = (name: string) => join(root, "context", name);
    writeFileSync(file(".env"), "A=b");
    writeFileSync(file("notes.txt"), "-----BEGIN OPENSSH PRIVATE KEY-----");
    writeFileSync(file("a b.txt"), "");
    writeFileSync(file("large.bin"), Buffer.alloc(1024 * 1024 + 1));
    symlinkSync("/etc/passwd", file("passwd"));
    const failures = await check();
    expect(failures).toHaveLength(5);
    expect(failures.join("\n")).toMatch(/\.env has a name that credentials have/);
    expect(failures.join("\n")).toMatch(/notes.txt contains a credential/);
    expect(failures.join("\n")).toMatch(/a b.txt has a name/);
    expect(failures.join("\n")).toMatch(/large.bin has 1048577 bytes/);
    expect(failures.join("\n")).toMatch(/passwd is not a regular file/);
    writeFileSync(file(".dockerignore"), "*\n!Dockerfile\n");
    expect(await check()).toEqual([]);
  });

  it("needs the Dockerfile", async () => {
    expect(await check({ dockerfile: "Other" })).toEqual([expect.stringContaining("has no Other")]);
  });
});

/** A run that is interrupted when it waits for the first time. */
function interrupted() {
  const interrupt = new AbortController();
  const clock: Clock = {
    ...systemClock,
    sleep: async () => {
      interrupt.abort(new Error("interrupted"));
      interrupt.signal.throwIfAborted();
    },
  };
  return run("the-key", { clock, signal: interrupt.signal });
}
