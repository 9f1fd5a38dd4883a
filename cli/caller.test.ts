import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { callerFolder } from "./caller.ts";

const ROOT = dirname(import.meta.dirname);
const BY_NPM = {
  INIT_CWD: "/home/author/course",
  npm_lifecycle_event: "lectern",
  npm_package_json: join(ROOT, "package.json"),
};

it.each<[string, Parameters<typeof callerFolder>, string]>([
  ["a shell", [{}, "/somewhere", ROOT], "/somewhere"],
  ["npm run", [BY_NPM, ROOT, ROOT], "/home/author/course"],
  [
    "a script of package.json that calls the command",
    [{ ...BY_NPM, npm_lifecycle_event: "test" }, ROOT, ROOT],
    ROOT,
  ],
  ["what npm run started in another folder", [BY_NPM, "/somewhere", ROOT], "/somewhere"],
  ["a script of another package", [{ ...BY_NPM, npm_package_json: "/other/package.json" }, ROOT, ROOT], ROOT],
])("paths are relative to the caller's folder, called by %s", (_, args, folder) => {
  expect(callerFolder(...args)).toBe(folder);
});

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "lectern-caller-")));
  mkdirSync(join(folder, "course"));
  writeFileSync(join(folder, "course", "course.json"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each(["lectern", "sandbox"])("the script %s runs the command line that respects it", (script) => {
  const args = script === "lectern" ? ["validate", "."] : ["preview", "--state", "."];
  writeFileSync(join(folder, "course", "state"), "no folder");
  const { stdout, stderr } = spawnSync("npm", ["--prefix", ROOT, "run", "-s", script, "--", ...args], {
    cwd: join(folder, "course"),
    env: { ...process.env, INIT_CWD: undefined },
    encoding: "utf8",
  });
  expect(stdout + stderr).toMatch(
    script === "lectern" ? /^error: course\.json:|^error: \.?\/?course\.json/m : folder,
  );
});
