import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import own from "../../package.json" with { type: "json" };
import template from "../../templates/institution/package.json" with { type: "json" };
import { createRepository, Refusal } from "./create-repository.ts";
import manifest from "./package.json" with { type: "json" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-create-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = (path: string) => readFileSync(join(folder, path), "utf8");

it("makes a repository whose program is the package's, with the stacks' files and an example", () => {
  const files = createRepository(folder, false);
  expect(files).toEqual(
    expect.arrayContaining([
      ".github/CODEOWNERS",
      ".github/workflows/comment.yml",
      ".gitignore",
      ".vscode/settings.json",
      "Pulumi.prod.yaml",
      "Pulumi.sandbox.yaml",
      "Pulumi.staging.yaml",
      "README.md",
      "catalog/courses/welcome/course.json",
      "tsconfig.json",
    ]),
  );
  expect(written("index.ts")).toBe('export { default } from "lectern/program";\n');
});

it("leaves what is for `pulumi new` alone out of Pulumi.yaml, and nothing else", () => {
  createRepository(folder, false);
  expect(written("Pulumi.yaml")).toMatch(/^name: lectern\n[\s\S]*main: index\.ts\n$/);
});

it("leaves the example out of an empty catalog", () => {
  const files = createRepository(folder, true);
  expect(files.filter((file) => file.startsWith("catalog/"))).toEqual(["catalog/README.md"]);
});

it("takes the file that npm packs under another name", () => {
  const packed = mkdtempSync(join(folder, "template-"));
  writeFileSync(join(packed, "gitignore"), "node_modules\n");
  expect(createRepository(join(folder, "new"), false, packed)).toEqual([".gitignore"]);
});

it("writes nothing into a folder that holds something, except a new git repository", () => {
  mkdirSync(join(folder, ".git"));
  createRepository(folder, true);
  expect(() => createRepository(folder, true)).toThrow(Refusal);
});

it("pins the versions of this repository", () => {
  expect(template.dependencies.lectern).toBe(own.version);
  expect(manifest.version).toBe(own.version);
  expect(manifest.engines).toEqual(own.engines);
  expect(template.engines).toEqual(own.engines);
});

it.each([
  [[], 2, /Name one folder/],
  [["a", "b"], 2, /Name one folder/],
  [["--full", "a"], 2, /Unknown option '--full'/],
  [["--help"], 0, /Usage: npm create lectern DIR/],
])("called with %j it ends with %i", (args, code, text) => {
  const call = spawnSync(process.execPath, [join(import.meta.dirname, "cli.ts"), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(call.stdout + call.stderr).toMatch(text);
  expect(call.status).toBe(code);
});
