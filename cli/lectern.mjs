#!/usr/bin/env node
// JavaScript, not TypeScript: Node then starts without its type stripper, and what it compiled or stripped
// once comes from the cache. Together that halves the start-up time of every command. It has to parse on an old
// Node, and is started without options: an old Node ends at one that it does not know, before it gets here.
import { readFileSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const at = (path) => new URL(`../${path}`, import.meta.url);

if (process.features.typescript) {
  silenceExperimentalWarnings();
  module.enableCompileCache(fileURLToPath(at(".cache/lectern/compiled")));
  await import("./cli.ts");
} else {
  // An older Node, or one that was told not to run TypeScript.
  const { engines } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  process.stderr.write(
    `Lectern needs Node ${engines.node} with type stripping, but this is ${process.version}. ` +
      "Install a newer one from https://nodejs.org, or run `npm ci` and then `npm run -s lectern --`, " +
      "which brings its own.\n",
  );
  process.exitCode = 1;
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
