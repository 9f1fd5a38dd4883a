import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discoverCatalog } from "./catalog.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-catalog-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("discoverCatalog", () => {
  it("finds the folders of each section, sorted, and leaves out files and hidden ones", async () => {
    for (const path of ["courses/b", "courses/a", "courses/.draft", "courses/_old", "blogs/x"]) {
      await mkdir(join(folder, path), { recursive: true });
    }
    await writeFile(join(folder, "courses/README.md"), "");
    const catalog = await discoverCatalog(folder);
    expect(catalog.courses.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(catalog.blogs).toEqual([{ name: "x", folder: join(folder, "blogs/x") }]);
    expect(catalog.kernels).toEqual([]);
  });

  it("names the key where a missing catalog is configured", async () => {
    await expect(discoverCatalog(join(folder, "nowhere"))).rejects.toThrow(
      /lectern:catalog: there is no folder/,
    );
  });
});
