#!/usr/bin/env node
import { dirname } from "node:path";
import { CommanderError } from "commander";
import { callerFolder } from "./caller.ts";
import { commandLine } from "./commands.ts";

process.chdir(callerFolder(process.env, process.cwd(), dirname(import.meta.dirname)));

// A reader that closes the pipe, such as `head`, is no error, and does not end a deployment.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await commandLine().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
