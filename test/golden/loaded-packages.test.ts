import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedExample } from "../../sandbox/services/registry/example.ts";
import { type RegistryStandIn, startRegistry } from "../../sandbox/services/registry/registry.ts";

const GATEWAY = { specsFolder: "/kernels", hosts: [{ local: true }], restart: { mode: "none" } };

let registry: RegistryStandIn;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lectern-loaded-"));
  registry = await startRegistry({ folder: join(folder, "registry") });
  await seedExample(registry);
});
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true });
});

/** The golden catalog's sections of that name. */
function catalogOf(...sections: string[]): string {
  const catalog = mkdtempSync(join(folder, "catalog-"));
  for (const section of sections) {
    cpSync(join("test/golden/catalog", section), join(catalog, section), { recursive: true });
  }
  return catalog;
}

/** The large packages that the program loads for a catalog. */
async function loadedFor(catalog: string): Promise<string[]> {
  const config = {
    "lectern:catalog": catalog,
    "lectern:source": "folder",
    "lectern:gateways": JSON.stringify({ main: GATEWAY }),
    "lectern:imageRepository": "docker.io/lectern/kernels",
    "lectern:registries": JSON.stringify({ "docker.io": { endpoint: registry.url } }),
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "test/golden/fixtures/loaded-packages.ts"],
    { env: { ...process.env, CONFIG: JSON.stringify(config) } },
  );
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

describe("the program", () => {
  it("loads no Kubernetes and no Docker for articles and kernels whose images exist", async () => {
    expect(await loadedFor(catalogOf("courses", "blogs", "kernels"))).toEqual([]);
  });

  it("loads no Kubernetes for a cluster without images", async () => {
    const catalog = catalogOf();
    mkdirSync(join(catalog, "clusters/campus"), { recursive: true });
    expect(await loadedFor(catalog)).toEqual([]);
  });

  it("loads Kubernetes for a cluster's images", async () => {
    expect(await loadedFor(catalogOf("clusters"))).toEqual(["@pulumi/kubernetes"]);
  });

  it("loads Docker for a kernel that is built here", async () => {
    const catalog = catalogOf();
    const kernel = join(catalog, "kernels/built");
    mkdirSync(kernel, { recursive: true });
    writeFileSync(
      join(kernel, "kernel.yaml"),
      "display_name: Built\nlanguage: python\nbuild: {context: .}\nresources: {memory: 1G}\n",
    );
    cpSync("test/golden/catalog/kernels/served/Dockerfile", join(kernel, "Dockerfile"));
    expect(await loadedFor(catalog)).toEqual(["@pulumi/docker"]);
  });
});
