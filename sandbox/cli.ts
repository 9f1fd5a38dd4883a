#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../components/problem/nearest.ts";
import { LecternError } from "../components/problem/problem.ts";
import type { SandboxOptions } from "./options.ts";
import { failedReport } from "./run-report.ts";

/** The sandbox's command line. Exit codes: 0 succeeded, 1 failed, 2 wrong usage. */
const program = new Command("sandbox")
  .description(
    "Deploys a catalog to stand-in services on this machine, with the same program and providers as Pulumi.\n" +
      "For trying and testing only: staging and production are deployed with `pulumi`.",
  )
  .helpOption("-h, --help", "print this help")
  .helpCommand("help [command]", "print the help of a command")
  .showHelpAfterError("Run the command with --help to see its options.")
  .exitOverride();

command("try", "preview, deploy and show the outputs (the default)", { isDefault: true }).option(
  "--no-serve",
  "exit when done, even on a terminal",
);
command("preview", "show what a deployment would do, without changing anything");
command("up", "deploy");
command("refresh", "read the resources from the services and update the state");
command("destroy", "delete everything that was deployed");
command("serve", "keep the services running until Ctrl-C, so that links open");
command("reset", "delete the state and the data of the stand-in services");

function command(name: string, description: string, options: { isDefault?: boolean } = {}): Command {
  return program
    .command(name, options)
    .description(description)
    .option("--json", "print one JSON document")
    .option("--stack <name>", "sandbox, staging or prod", "sandbox")
    .addOption(
      new Option("--engine <name>", "what deploys: the sandbox's own engine, or the Pulumi CLI on PATH")
        .choices(["sandbox", "pulumi"])
        .default("sandbox"),
    )
    .option("--catalog <dir>", "the catalog to deploy, instead of the configured one")
    .option("--state <dir>", "the folder for the state and the services' files", ".lectern")
    .option(
      "--api <url>",
      "a qBook API on loopback instead of the stand-in; its key comes from LECTERN_API_KEY",
    )
    .option(
      "-c, --config <key=value>",
      "a setting in addition to those of the stack's file (repeatable)",
      collect,
      [],
    )
    .option("--parallel <n>", "how many resources to process at once", count, 16)
    .option("--target <urn>", "act on this resource only (repeatable)", collect, [])
    .option("--continue-on-error", "continue with resources that do not depend on a failed one")
    .option("--expect-no-changes", "fail if anything changes")
    .action(async (given: Omit<SandboxOptions, "command">) => {
      const { sandbox } = await import("./sandbox.ts");
      process.exitCode = await sandbox({ ...given, command: name as SandboxOptions["command"] });
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("Expected an integer of 1 or more.");
  return value;
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

// A reader that closes the pipe, such as `head`, does not end a deployment.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

/** Reports a first argument that is no command; the default command would report too many arguments. */
function unknownCommand(): string | undefined {
  const [first] = process.argv.slice(2);
  const names = [...program.commands.map((known) => known.name()), "help"];
  if (first === undefined || first.startsWith("-") || names.includes(first)) return undefined;
  return `unknown command "${first}". ${didYouMean(first, names, `Use one of ${names.join(", ")}`)}`;
}

try {
  const wrong = unknownCommand();
  if (wrong) program.error(`error: ${wrong}`);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof LecternError) {
    if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(failedReport(error))}\n`);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.problems.every(({ code }) => code === "usage") ? 2 : 1;
  } else throw error;
}
