import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Qbook, startQbook } from "../../../sandbox/services/qbook/qbook.ts";
import { processHost } from "../../resource/host.ts";
import { type Host, PartialFailure, type Properties } from "../../resource/provider.ts";
import { qbraidKernelProvider as provider } from "./qbraid-kernel-provider.ts";

let root: string;
let api: Qbook;
let host: Host;
const said: string[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "lectern-qbraid-"));
  mkdirSync(join(root, "context"));
  writeFileSync(join(root, "context/Dockerfile"), "FROM python:3.12\n");
  await serveApi(20);
  said.length = 0;
  host = {
    ...processHost((key) => ({ apiUrl: api.url, apiKey: "the-key" })[key]),
    progress: (line) => said.push(line),
  };
});
/** @param latency milliseconds that a build takes */
const serveApi = async (latency: number) => {
  api = await startQbook({ folder: join(root, "api"), apiKey: "the-key", latency });
};
afterEach(async () => {
  await api.stop();
  rmSync(root, { recursive: true });
});

const inputs = (changes: Properties = {}): Properties => ({
  name: "bell",
  displayName: "Bell states",
  language: "python",
  folder: join(root, "context"),
  digest: "sha256:1",
  ...changes,
});
const check = async (changes: Properties = {}) =>
  ((await provider.check?.({}, inputs(changes), host))?.failures ?? []).map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
const posts = () => api.calls().filter(({ method }) => method === "POST").length;

describe("a kernel of the service", () => {
  it("is built, polled until it is active, and the same again changes nothing", async () => {
    writeFileSync(join(root, "context/requirements.txt"), "qiskit\n");
    const { id, outs } = await provider.create(inputs(), host);
    expect(id).toBe("qbraid-kernel/bell");
    expect(outs["imageUri"]).toMatch(/kernels\/bell@sha256:/);
    expect(await provider.diff(id, outs, inputs(), host)).toEqual({ changes: false, replaces: [] });
    expect(await provider.diff(id, outs, inputs({ name: "other" }), host)).toMatchObject({
      replaces: ["name"],
    });
  });

  it("that the service has already is adopted", async () => {
    const first = await provider.create(inputs(), host);
    const second = await provider.create(inputs(), host);
    expect(second.outs["imageUri"]).toBe(first.outs["imageUri"]);
    expect(said.join("\n")).toContain("taken as it is");
  });

  it("whose build fails is said so, and built again by the next run", async () => {
    api.setFault({ on: "deploy", fault: "build-failed", times: 1 });
    const failure = await provider.create(inputs(), host).catch((error: unknown) => error);
    if (!(failure instanceof PartialFailure)) throw failure;
    expect(failure.reasons[0]).toContain("the image could not be built");
    expect((await provider.diff(failure.id, failure.properties, inputs(), host)).changes).toBe(true);
    const again = await provider.update?.(failure.id, failure.properties, inputs(), host);
    expect(again?.outs).toMatchObject({ unfinished: false });
  });

  it("whose build takes long is waited for by the next run, without a second build", async () => {
    await api.stop();
    await serveApi(3_600_000);
    const create = provider.create(inputs({ buildLimit: 60 }), { ...host, clock: hurried() });
    const failure = await create.catch((error: unknown) => error);
    if (!(failure instanceof PartialFailure)) throw failure;
    expect(failure.reasons[0]).toContain("the next run continues to wait");
    await api.stop();
    await serveApi(0);
    const again = await provider.update?.(failure.id, failure.properties, inputs(), host);
    expect(again?.outs["imageUri"]).toMatch(/kernels\/bell@sha256:/);
    expect(posts()).toBe(0);
  });

  it("can't be built anew under its name, and the error says what to do", async () => {
    const { id, outs } = await provider.create(inputs(), host);
    const changed = provider.update?.(id, outs, inputs({ digest: "sha256:2" }), host);
    await expect(changed).rejects.toThrow(/keeps bell as it was built.*another name/);
  });

  it("never shows the key", async () => {
    const config: Record<string, string> = { apiUrl: api.url, apiKey: "a-wrong-key" };
    const wrong = provider.create(inputs(), { ...host, config: (key) => config[key] });
    const error = await wrong.catch((caught: unknown) => String(caught));
    expect(error).toMatch(/status 401/);
    expect(error).not.toContain("a-wrong-key");
  });
});

describe("check", () => {
  it("is content with a plain context", async () => {
    expect(await check()).toEqual([]);
  });

  it("tells every wrong name and label at once", async () => {
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
    expect(failures.join("\n")).toMatch(/\.env is a credential by its name/);
    expect(failures.join("\n")).toMatch(/notes.txt holds a credential/);
    expect(failures.join("\n")).toMatch(/a b.txt has a name/);
    expect(failures.join("\n")).toMatch(/large.bin is 1048577 bytes/);
    expect(failures.join("\n")).toMatch(/passwd is no plain file/);
    writeFileSync(file(".dockerignore"), "*\n!Dockerfile\n");
    expect(await check()).toEqual([]);
  });

  it("needs the Dockerfile", async () => {
    expect(await check({ dockerfile: "Other" })).toEqual([expect.stringContaining("there is no Other")]);
  });
});

function hurried() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (pause: number) => {
      now += pause;
    },
  };
}
