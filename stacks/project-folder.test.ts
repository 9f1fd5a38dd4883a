import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { projectFolder } from "./project-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-project-"));
  mkdirSync(join(folder, "project/catalog/courses"), { recursive: true });
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(folder, "project/Pulumi.yaml"), "name: lectern\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("finds the project from any folder in it", () => {
  expect(projectFolder(join(folder, "project/catalog/courses"))).toBe(join(folder, "project"));
  expect(projectFolder(join(folder, "project"))).toBe(join(folder, "project"));
});

it("takes the command's own repository elsewhere", () => {
  expect(projectFolder(join(folder, "elsewhere"), join(folder, "project"))).toBe(join(folder, "project"));
});

it("says how to make a project where there is none, as the package has none of its own", () => {
  const nowhere = () => projectFolder(join(folder, "elsewhere"), folder);
  expect(nowhere).toThrow(/has a Pulumi\.yaml\. .*npm create lectern DIR/);
});
