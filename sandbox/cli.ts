#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { didYouMean } from "../components/problem/nearest.ts";
import { LecternError } from "../components/problem/problem.ts";
import type { SandboxOptions } from "./options.ts";
import { failedReport } from "./view/json.ts";

/** The sandbox's command line. Exit codes: 0 ok, 1 failed, 2 usage. */
const program = new Command("sandbox")
  .description(
    "Deploys a catalog to stand-in services on this machine, with the same program and providers as Pulumi.\n" +
      "It is for trying and testing; staging and production are for `pulumi`.",
  )
  .exitOverride();

command("try", "preview, deploy and show what is there (the default)", { isDefault: true }).option(
  "--no-serve",
  "end when done, also on a terminal",
);
command("preview", "show what a deployment would do; changes nothing");
command("up", "deploy");
command("refresh", "ask the services what is there, and save what they say");
command("destroy", "remove what was deployed");
command("serve", "keep the services running, so that links open, until Ctrl-C");
command("reset", "forget everything: the state and what the stand-in services hold");

function command(name: string, description: string, options: { isDefault?: boolean } = {}): Command {
  return program
    .command(name, options)
    .description(description)
    .option("--json", "one JSON document on standard output")
    .option("--stack <name>", "sandbox, staging or prod", "sandbox")
    .option("--catalog <dir>", "the catalog to deploy, instead of the configured one")
    .option("--state <dir>", "where the state and the services keep their files", ".lectern")
    .option("--api <url>", "a qBook API of your own, on loopback; its key from LECTERN_API_KEY")
    .option(
      "-c, --config <key=value>",
      "a setting beside those of the stack's file (may be given again)",
      collect,
      [],
    )
    .option("--parallel <n>", "resources in work at once", count, 16)
    .option("--target <urn>", "only this resource (may be given again)", collect, [])
    .option("--continue-on-error", "go on with what doesn't depend on a failure")
    .option("--expect-no-changes", "fail where anything changes")
    .action(async (given: Omit<SandboxOptions, "command">) => {
      const { sandbox } = await import("./sandbox.ts");
      process.exitCode = await sandbox({ ...given, command: name as SandboxOptions["command"] });
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("It takes a whole number from 1.");
  return value;
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

// A reader that has seen enough, such as `head`, does not end a deployment.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

/** The first word, where it is no command: the default one would only say that it takes none. */
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
