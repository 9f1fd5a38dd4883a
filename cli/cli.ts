#!/usr/bin/env node
import { CommanderError } from "commander";
import { LecternError } from "../components/problem/problem.ts";
import { findProject } from "../stacks/project-folder.ts";
import { callerFolder } from "./caller.ts";
import { commandLine } from "./commands.ts";

const folder = process.cwd();
process.chdir(callerFolder(process.env, folder, findProject(folder)));

// A reader that closes the pipe, such as `head`, is no error, and does not end a deployment.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await commandLine().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof LecternError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
