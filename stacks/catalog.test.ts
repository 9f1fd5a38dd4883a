import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatProblem } from "../components/problem/problem.ts";
import { discoverCatalog, unknownFolders } from "./catalog.ts";

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

  it("warns of a folder that is no section, with the section that it may have meant", async () => {
    for (const path of ["course/bell", "notes", "_drafts", "courses"]) {
      await mkdir(join(folder, path), { recursive: true });
    }
    const warnings = unknownFolders(await discoverCatalog(folder)).map(formatProblem);
    expect(warnings).toEqual([
      expect.stringMatching(/\/course: "course" is not a folder of a catalog.* Did you mean "courses"\?$/),
      expect.stringMatching(
        /\/notes: "notes" is not .* Move it elsewhere, or let its name begin with "_"\.$/,
      ),
    ]);
  });

  it("names the key where a missing catalog is configured", async () => {
    await expect(discoverCatalog(join(folder, "nowhere"))).rejects.toThrow(
      /lectern:catalog: there is no folder/,
    );
  });
});
