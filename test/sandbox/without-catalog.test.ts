import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

/** Of what a run says: which tests failed, and its closing line. */
const END = 1000;
const REPOSITORY = join(import.meta.dirname, "../..");

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "lectern-copy-"));
  const options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", options, { cwd: REPOSITORY, encoding: "utf8" });
  for (const file of listed.split("\0")) {
    const source = join(REPOSITORY, file);
    if (file !== "" && !file.startsWith("catalog/") && existsSync(source)) cpSync(source, join(copy, file));
  }
  symlinkSync(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
});
afterEach(() => rmSync(copy, { recursive: true }));

// A user replaces the example catalog, and the project's tests go on passing.
it.each([
  // Components are given all that they read: what reads the repository's own files is in these folders.
  ["the unit tests pass", ["--project", "unit", "test", "stacks", "cli", "sandbox"]],
  [
    "a deployment in the sandbox passes",
    ["--project", "sandbox", "test/sandbox/deploy.test.ts", "--testNamePattern", "is planned without a call"],
  ],
])("%s in a copy of the repository without its catalog", async (_what, options) => {
  expect(existsSync(join(copy, "catalog"))).toBe(false);
  const said = await vitest(options);
  expect(said, said.slice(-END)).toMatch(/[1-9]\d* passed, 0 failed, /);
});

async function vitest(options: readonly string[]): Promise<string> {
  // This run's own settings are not the other one's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")));
  const args = [join("node_modules", "vitest", "vitest.mjs"), "run", ...options];
  const run = promisify(execFile)(process.execPath, args, { cwd: copy, env, maxBuffer: 2 ** 26 });
  const { stdout, stderr } = await run.catch((failure) => failure as { stdout: string; stderr: string });
  return stdout + stderr;
}
