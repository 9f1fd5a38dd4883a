import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

const LAUNCHER = join(import.meta.dirname, "lectern.mjs");

/** The environment without the cache that the tests themselves have. */
const ENVIRONMENT = { ...process.env, NODE_COMPILE_CACHE: undefined };

/** What a call prints on standard error that ends with this statement. */
function printed(statement: string, env: NodeJS.ProcessEnv = ENVIRONMENT): string {
  const preload = `data:text/javascript,${encodeURIComponent(`process.once("beforeExit", () => ${statement});`)}`;
  const call = ["--import", preload, LAUNCHER, "--version"];
  return spawnSync(process.execPath, call, { encoding: "utf8", env }).stderr;
}

/** What a call prints on standard error that ends with a warning of this name. */
const warned = (name: string) => printed(`process.emitWarning("a message", ${JSON.stringify(name)})`);

it("starts without options, at which an older Node would end before it says what is needed", () => {
  expect(readFileSync(LAUNCHER, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  for (const script of [manifest.scripts.lectern, manifest.scripts.sandbox]) {
    expect(script).toMatch(/^node cli\/lectern\.mjs( |$)/);
  }
});

it("prints no warning that a feature of Node is experimental, and every other warning", () => {
  expect(warned("ExperimentalWarning")).toBe("");
  expect(warned("DeprecationWarning")).toMatch(/DeprecationWarning: a message/);
});

it("prints the version of the package", () => {
  const version = execFileSync(process.execPath, [LAUNCHER, "--version"], { encoding: "utf8" });
  expect(version).toBe(`${manifest.version}\n`);
});

it("loads what earlier calls compiled, although `validate` has flags of V8 that other commands don't have", () => {
  const env = { ...ENVIRONMENT, NODE_DEBUG_NATIVE: "COMPILE_CACHE" };
  const loads = (...args: string[]) =>
    spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: "utf8", env }).stderr;
  const calls = [["--version"], ["validate", import.meta.dirname]];
  for (const args of calls) loads(...args);
  for (const args of calls) {
    const loaded = loads(...args);
    expect(loaded).toMatch(/was accepted/);
    expect(loaded).not.toMatch(/was rejected/);
  }
});

it("has the processes that it starts load what was compiled from the same folder, or from the one they are given", () => {
  const kept = "console.error(process.env.NODE_COMPILE_CACHE)";
  expect(printed(kept)).toMatch(/[/\\]\.cache[/\\]lectern[/\\]compiled\n$/);
  const given = join(tmpdir(), "given");
  expect(printed(kept, { ...ENVIRONMENT, NODE_COMPILE_CACHE: given })).toBe(`${given}\n`);
});
