#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// JavaScript, not TypeScript: Node then starts without its type stripper, and what it compiled or stripped
// once comes from the cache. Together that halves the start-up time of every command.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "..", ".cache", "lectern", "compiled"));
await import("./cli.ts");
