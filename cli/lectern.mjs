#!/usr/bin/env node
// JavaScript, not TypeScript: Node then starts without its type stripper, and what it compiled or stripped
// once comes from the cache. Together that halves the start-up time of every command. It has to parse on an old
// Node, and is started without options: an old Node ends at one that it does not know, before it gets here.
import { existsSync, readFileSync } from "node:fs";
import module from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const at = (path) => new URL(`../${path}`, import.meta.url);

// The repository holds TypeScript; the package holds what it was compiled to.
const isRepository = existsSync(at("cli/cli.ts"));

if (isRepository ? process.features.typescript : isRecent()) {
  silenceExperimentalWarnings();
  if (process.argv[2] === "validate") await compileQuickly();
  keepCompiled(isRepository ? fileURLToPath(at(".cache/lectern/compiled")) : undefined);
  await import(isRepository ? "./cli.ts" : "./cli.js");
} else {
  const own = isRepository ? ", or run `npm ci` and then `npm run -s lectern --`, which brings its own" : "";
  process.stderr.write(
    `Lectern needs Node ${wanted()}${isRepository ? " with type stripping" : ""}, but this is ${process.version}. ` +
      `Install a newer one from https://nodejs.org${own}.\n`,
  );
  process.exitCode = 1;
}

/**
 * Has V8 put its slowest compiler off, for this process and its threads. `validate` spends most of its time in native
 * code and regular expressions, so only many hundreds of articles win back what that compiler takes in each thread.
 * Before the cache is chosen, which is by flags: code that was compiled under others would be compiled again.
 */
async function compileQuickly() {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--invocation-count-for-turbofan=60000"); // 3000 by default
}

/** Keeps what Node compiles in `folder`, also of the threads and processes that are started, such as Pulumi's program. */
function keepCompiled(folder) {
  module.enableCompileCache(folder);
  const ofThisVersion = module.getCompileCacheDir();
  if (ofThisVersion !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(ofThisVersion);
}

/** Such as `>=22.19`. */
function wanted() {
  return JSON.parse(readFileSync(at("package.json"), "utf8")).engines.node;
}

function isRecent() {
  const [least, actual] = [wanted(), process.version].map((text) => text.match(/\d+/g).map(Number));
  return actual[0] > least[0] || (actual[0] === least[0] && actual[1] >= least[1]);
}

/** Node below 24.12 warns that stripping types is experimental. Other warnings are printed as they are. */
function silenceExperimentalWarnings() {
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning") return;
    for (const print of printers) print.call(process, warning);
  });
}
