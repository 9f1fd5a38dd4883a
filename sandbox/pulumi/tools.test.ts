import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findTools } from "./tools.ts";

const ROOT = join(import.meta.dirname, "..", "..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-tools-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A folder with programs of these names. */
function folderWith(name: string, ...programs: string[]): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const program of programs) writeFileSync(join(path, program), "#!/bin/sh\n", { mode: 0o755 });
  return path;
}

test("without pulumi on PATH the error names the other engine", () => {
  expect(() => findTools(ROOT, folderWith("empty"))).toThrow(
    /^--engine: `pulumi` is not on PATH\. Install the Pulumi CLI .*`--engine sandbox`/,
  );
});

test("a CLI without its language host is refused, and the missing program is named", () => {
  expect(() => findTools(ROOT, folderWith("half", "pulumi"))).toThrow(/`pulumi-language-nodejs`/);
});

test("the language host is found beside the CLI or on PATH, and the SDK's own script last", () => {
  const whole = folderWith("whole", "pulumi", "pulumi-language-nodejs");
  expect(findTools(ROOT, whole).cli).toBe(join(whole, "pulumi"));
  const apart = [folderWith("cli", "pulumi"), folderWith("host", "pulumi-language-nodejs")].join(delimiter);
  const { cli, path } = findTools(ROOT, apart);
  expect(cli).toBe(join(folder, "cli", "pulumi"));
  expect(path.split(delimiter).at(-1)).toMatch(/@pulumi\/pulumi$/);
});
