import { dirname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";

const PROJECT = dirname(dirname(import.meta.dirname));

/** Adds `lectern deploy`. */
export function addDeploy(program: Command): void {
  program
    .command("deploy")
    .description("bring the stacks of this project up with Pulumi: staging, then production in waves")
    .addOption(
      new Option("--environment <name>", "deploy the stacks of this environment alone").choices([
        "staging",
        "prod",
      ]),
    )
    .option("--jobs <number>", "how many stacks are deployed at the same time", positive, 4)
    .option("--only <cluster>", "deploy the stacks of this cluster alone")
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option("--json", "print one JSON document instead of text")
    .action(async (options) => {
      const { deploy } = await import("./deploy.ts");
      process.exitCode = await deploy(PROJECT, options);
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("Expected a whole number from 1.");
  return number;
}
