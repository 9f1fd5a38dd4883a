import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { differencesOf, finishUpgrade } from "./finish-upgrade.ts";
import { writeJournal } from "./journal.ts";
import { keepFile } from "./kept-files.ts";
import { installedPackage, installVersion } from "./npm.ts";
import { upgrade } from "./upgrade.ts";

// The whole command: test/package/upgrade.test.ts, from packed tarballs.
const root = temporaryFolder("upgrade");
const printed = capturePrinted();

const write = (path: string, content: object) => writeFileSync(join(root, path), JSON.stringify(content));

it("says what previews plan otherwise than before, by stack", () => {
  const before = { staging: ["update course/a title"], prod: [] };
  expect(differencesOf(before, before)).toEqual([]);
  expect(differencesOf(before, { staging: [], prod: ["delete course/b"] })).toEqual([
    "staging: would no longer update course/a title",
    "prod: would now delete course/b",
  ]);
});

it("finds the package that a repository depends on, and its command", () => {
  write("package.json", { dependencies: { lectern: "0.1.0" } });
  expect(() => installedPackage(root)).toThrow(/`lectern` is not installed\. Run `npm ci`/);
  mkdirSync(join(root, "node_modules/lectern"), { recursive: true });
  write("node_modules/lectern/package.json", { version: "0.1.0", bin: { lectern: "cli/lectern.mjs" } });
  expect(installedPackage(root)).toEqual({
    version: "0.1.0",
    command: join(root, "node_modules/lectern/cli/lectern.mjs"),
  });
});

it.each([
  ["a copy of Lectern's repository", { devDependencies: {} }, undefined, /does not depend on `lectern`/],
  [
    "one of another package manager",
    { dependencies: { lectern: "0.1.0" } },
    "yarn.lock",
    /Move `lectern` with yarn/,
  ],
])("refuses %s, and says what to do", (_, manifest, lockfile, message) => {
  write("package.json", manifest);
  if (lockfile) write(lockfile, {});
  expect(() => installedPackage(root)).toThrow(message);
});

it("names a packed file that is missing before npm is asked", async () => {
  await expect(installVersion(root, "missing.tgz")).rejects.toThrow(/there is no file missing\.tgz/);
});

it("does not call it an upgrade where the version stays", async () => {
  write("package.json", { dependencies: { lectern: "0.1.0" } });
  mkdirSync(join(root, "node_modules/lectern"), { recursive: true });
  write("node_modules/lectern/package.json", { version: "0.1.0", bin: { lectern: "cli/lectern.mjs" } });
  writeJournal(root, { from: "0.1.0", before: {}, allowChanges: false });
  keepFile(root, "package.json");
  expect(await finishUpgrade(root)).toBe(0);
  expect(printed.out.join("")).toBe(
    "Lectern is 0.1.0, as before. Nothing was previewed. Commit package.json.\n",
  );
});

describe("an upgrade, with stand-ins for npm and for the other version's command", () => {
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const installed = () => JSON.parse(read("node_modules/lectern/package.json")).version;
  const OPTIONS = { to: "0.2.0", preview: false };

  /** npm installs what package.json pins; `install --save-exact` pins 0.2.0, and the lockfile changes. */
  const NPM = `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const pins = process.argv.includes("--save-exact");
if (pins) {
  writeFileSync("package.json", JSON.stringify({ dependencies: { lectern: "0.2.0" } }));
  writeFileSync("package-lock.json", JSON.stringify({ lectern: "0.2.0" }));
}
const version = JSON.parse(readFileSync("package.json", "utf8")).dependencies.lectern;
const manifest = { version, bin: { lectern: "command.cjs" } };
writeFileSync("node_modules/lectern/package.json", JSON.stringify(manifest));
`;

  beforeEach(() => {
    vi.stubEnv("PATH", [join(root, "bin"), process.env["PATH"]].join(delimiter));
    for (const folder of ["bin", "node_modules/lectern"]) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "bin/npm"), NPM);
    chmodSync(join(root, "bin/npm"), 0o755);
    write("package.json", { dependencies: { lectern: "0.1.0" } });
    write("package-lock.json", { lectern: "0.1.0" });
    write("node_modules/lectern/package.json", { version: "0.1.0", bin: { lectern: "command.cjs" } });
    finishes("");
  });
  afterEach(() => void vi.unstubAllEnvs());

  const finishes = (script: string) => writeFileSync(join(root, "node_modules/lectern/command.cjs"), script);

  it("leaves the version pinned, and nothing of its own", async () => {
    expect(await upgrade(root, OPTIONS)).toBe(0);
    expect(installed()).toBe("0.2.0");
    expect(read("package-lock.json")).toContain("0.2.0");
    expect(existsSync(join(root, ".lectern/upgrade"))).toBe(false);
  });

  it("restores everything where the other version does not finish", async () => {
    finishes("process.exitCode = 1;");
    expect(await upgrade(root, OPTIONS)).toBe(1);
    expect(installed()).toBe("0.1.0");
    expect(read("package.json") + read("package-lock.json")).not.toContain("0.2.0");
    expect(existsSync(join(root, ".lectern/upgrade"))).toBe(false);
  });

  it("first restores what an upgrade left that was killed", async () => {
    write("Pulumi.prod.yaml", { config: {} });
    writeJournal(root, { from: "0.1.0", before: {}, allowChanges: false });
    for (const file of ["package.json", "package-lock.json", "Pulumi.prod.yaml"]) keepFile(root, file);
    write("package.json", { dependencies: { lectern: "0.2.0" } });
    write("Pulumi.prod.yaml", { config: { "lectern:visibility": "private" } });
    finishes('require("node:fs").cpSync("Pulumi.prod.yaml", "seen");');
    expect(await upgrade(root, OPTIONS)).toBe(0);
    expect(read("seen")).toBe('{"config":{}}');
    expect(process.stderr.write).toHaveBeenCalledWith(expect.stringMatching(/Lectern is 0\.1\.0 again/));
  });
});
