#!/usr/bin/env node
import { askForRestart } from "./control.ts";

/** `restart.ts <folder>`: restarts the sandbox's gateway of that folder, wherever its process runs. */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("restart.ts takes the gateway's folder\n");
  process.exitCode = 2;
} else {
  try {
    await askForRestart(folder);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
