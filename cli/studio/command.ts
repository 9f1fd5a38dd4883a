import { type Command, InvalidArgumentError } from "commander";
import { gathered } from "../option-values.ts";
import type { StudioCommandOptions } from "./run-studio.ts";

/** Adds `lectern studio`. */
export function addStudio(program: Command): void {
  program
    .command("studio")
    .description(
      "serve a page on which people see and change the catalog, until Ctrl-C: on this machine for whoever runs it, or as a service of a JupyterHub that starts it",
    )
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option(
      "--reports <path>",
      "what `lectern report --json` wrote, for the map: a file or a folder; once per path",
      gathered,
    )
    .option(
      "--state <dir>",
      "the sandbox's state folder, for the map, instead of .lectern in the project where it has one",
    )
    .option("--port <n>", "on this machine: the port to listen on, instead of a free one", port)
    .option(
      "--hub-groups <names>",
      "as a service of a JupyterHub: comma-separated groups that may use it, beside administrators",
      names,
    )
    .option(
      "--hub-mail <domain>",
      "as a service of a JupyterHub: the domain of the addresses that people's commits carry, or `github` where they sign in with accounts of GitHub",
    )
    .action(async (options: StudioCommandOptions) => {
      const { runStudio } = await import("./run-studio.ts");
      process.exitCode = await runStudio(options);
    });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError("Expected a number from 0 to 65535.");
  return value;
}

const names = (text: string) => text.split(",").flatMap((name) => name.trim() || []);
