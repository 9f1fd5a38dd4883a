import { Command, InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../components/problem/nearest.ts";
import { LecternError } from "../components/problem/problem.ts";
import { defaultState, type SandboxOptions } from "./options.ts";

/** What a person gave on the command line. */
type Given = Omit<SandboxOptions, "command" | "state"> & { readonly state?: string };

/** What each command of the sandbox does. Without one it is `try`. */
const COMMANDS: Readonly<Record<SandboxOptions["command"], string>> = {
  try: "preview, deploy and show the outputs (the default)",
  preview: "show what a deployment would do, without changing anything",
  up: "deploy",
  refresh: "read the resources from the services and update the state",
  destroy: "delete everything that was deployed",
  serve: "keep the services running until Ctrl-C, so that links open",
  reset: "delete the state and the data of the stand-in services",
};

/** The command `lectern sandbox`. Exit codes: 0 succeeded, 1 failed, 2 wrong usage. */
export function sandboxCommand(): Command {
  const sandbox = new Command("sandbox")
    .description(
      "Deploys a catalog to stand-in services on this machine, with the same program and providers as Pulumi.\n" +
        "For trying and testing only: staging and production are deployed with `pulumi`.",
    )
    .summary("deploy a catalog to stand-in services on this machine")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("Run the command with --help to see its options.")
    .exitOverride();
  for (const [name, description] of Object.entries(COMMANDS)) {
    addCommand(sandbox, name as SandboxOptions["command"], description);
  }
  return sandbox;
}

function addCommand(sandbox: Command, name: SandboxOptions["command"], description: string): void {
  const command = sandbox
    .command(name, { isDefault: name === "try" })
    .description(description)
    // The default command gets the arguments of an unknown one.
    .allowExcessArguments()
    .option("--json", "print one JSON document")
    .option("--stack <name>", "sandbox, staging or prod", "sandbox")
    .addOption(
      new Option("--engine <name>", "what deploys: the sandbox's own engine, or the Pulumi CLI on PATH")
        .choices(["sandbox", "pulumi"])
        .default("sandbox"),
    )
    .option("--catalog <dir>", "the catalog to deploy, instead of the configured one")
    .addOption(
      new Option("--state <dir>", "the folder for the state and the services' files").default(
        undefined,
        "the project's .lectern",
      ),
    )
    .option(
      "--api <url>",
      "a qBook API on loopback instead of the stand-in; its key comes from LECTERN_API_KEY",
    )
    .option(
      "--kubeconfig <file>",
      "install hubs on the cluster of this kubeconfig instead of rendering them; needs --engine pulumi",
    )
    .option(
      "-c, --config <key=value>",
      "a setting in addition to those of the stack's file (repeatable)",
      collect,
      [],
    )
    .option(
      "--at <time>",
      "the moment for which a preview shows what depends on time, such as 2026-10-05T09:00+02:00",
    )
    .option("--parallel <n>", "how many resources to process at once", count, 16)
    .option("--target <urn>", "act on this resource only (repeatable)", collect, [])
    .option("--continue-on-error", "continue with resources that do not depend on a failed one")
    .option("--expect-no-changes", "fail if anything changes")
    .action(async (given: Given) => {
      refuseArguments(sandbox, command);
      process.exitCode = await run({ ...given, command: name });
    });
  if (name === "try") command.option("--no-serve", "exit when done, even on a terminal");
  if (name === "serve") command.option("--watch", "deploy at the start, and whenever the catalog changes");
}

function refuseArguments(sandbox: Command, command: Command): void {
  const [first] = command.args;
  if (first === undefined) return;
  const names = [...Object.keys(COMMANDS), "help"];
  // The name of a command that runs by default is not among the arguments.
  const isName = sandbox.args[0] !== command.name();
  const problem = isName ? `unknown command "${first}"` : `unexpected argument "${first}"`;
  const remedy = isName
    ? didYouMean(first, names, `Use one of ${names.join(", ")}`)
    : "The command takes options only.";
  sandbox.error(`error: ${problem}. ${remedy}`);
}

async function run({ state, ...options }: Given & Pick<SandboxOptions, "command">): Promise<number> {
  try {
    const { sandbox } = await import("./sandbox.ts");
    return await sandbox({ ...options, state: state ?? defaultState() });
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    if (options.json) {
      const { failedReport } = await import("./run-report.ts");
      process.stdout.write(`${JSON.stringify(failedReport(error))}\n`);
    }
    process.stderr.write(`${error.message}\n`);
    return error.problems.every(({ code }) => code === "usage") ? 2 : 1;
  }
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
