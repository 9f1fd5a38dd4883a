import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seedExample } from "./example.ts";
import { type RegistryStandIn, startRegistry } from "./registry.ts";
import { digestOf } from "./store.ts";

let folders: string[] = [];
let running: RegistryStandIn[] = [];

beforeEach(() => {
  folders = [];
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((registry) => registry.stop()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function start(folder?: string): Promise<RegistryStandIn> {
  const at = folder ?? (await mkdtemp(join(tmpdir(), "lectern-registry-")));
  folders.push(at);
  const registry = await startRegistry({ folder: at });
  running.push(registry);
  return registry;
}

describe("the example", () => {
  it("is the same each time, with a tag of every kind and an alias", async () => {
    const [one, other] = [await start(), await start()];
    await seedExample(one);
    await seedExample(other);
    expect(one.store.tags("lectern/lab")).toEqual(
      expect.arrayContaining([
        "recommended",
        "r1_0_0",
        "r1_0_0_rc1",
        "w_2026_40",
        "d_2026_11_02",
        "exp_polars",
      ]),
    );
    const digests = (registry: RegistryStandIn) =>
      registry.store.tags("lectern/lab")?.map((tag) => registry.store.find("lectern/lab", tag));
    expect(digests(one)).toEqual(digests(other));
    expect(one.store.find("lectern/python-science", "2026.1")).toBeDefined();
  });

  it("moves nothing back that was promoted", async () => {
    const registry = await start();
    await seedExample(registry);
    const promoted = registry.store.find("lectern/lab", "w_2026_44")?.digest ?? "";
    registry.store.tag("lectern/lab", { recommended: promoted });
    await seedExample(registry);
    expect(registry.store.find("lectern/lab", "recommended")?.digest).toBe(promoted);
  });
});

describe("the stand-in registry", () => {
  it("has everything again after a restart", async () => {
    const first = await start();
    await seedExample(first);
    await first.stop();
    const second = await start(folders[0]);
    const path = "/v2/lectern/lab/manifests/recommended";
    const response = await fetch(`${second.url}${path}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(digestOf(bytes)).toBe(response.headers.get("docker-content-digest"));
    expect(second.calls()).toEqual([{ method: "GET", path, status: 200 }]);
  });

  it("takes no manifest whose parts it lacks, and keeps no upload that is not what it says", async () => {
    const registry = await start();
    const missing = `sha256:${"0".repeat(64)}`;
    const manifest = await fetch(`${registry.url}/v2/lab/manifests/1`, {
      method: "PUT",
      body: JSON.stringify({ config: { digest: missing }, layers: [] }),
    });
    expect([manifest.status, await manifest.json()]).toMatchObject([
      400,
      { errors: [{ code: "MANIFEST_BLOB_UNKNOWN" }] },
    ]);
    const opened = await fetch(`${registry.url}/v2/lab/blobs/uploads/`, { method: "POST" });
    const upload = new URL(opened.headers.get("location") ?? "", registry.url);
    upload.searchParams.set("digest", missing);
    expect((await fetch(upload, { method: "PUT", body: "other" })).status).toBe(400);
    expect(await readdir(join(folders[0] ?? "", "uploads"))).toEqual([]);
    expect(registry.store.hasBlob("lab", missing)).toBe(false);
  });

  it("answers what it does not know as registries do", async () => {
    const registry = await start();
    const status = async (path: string, method = "GET") =>
      (await fetch(`${registry.url}${path}`, { method })).status;
    expect(await status("/v2/")).toBe(200);
    expect(await status("/v2/lab/manifests/1")).toBe(404);
    expect(await status("/v2/lab/tags/list")).toBe(404);
    expect(await status(`/v2/lab/blobs/sha256:${"0".repeat(64)}`)).toBe(404);
    expect(await status("/v2/lab/manifests/1", "POST")).toBe(405);
    expect(await status("/elsewhere")).toBe(404);
    expect(await status("/v2/lab/blobs/uploads/..%2F..%2Fx", "PATCH")).toBe(404);
  });
});
