import { type Command, Option } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import { ENVIRONMENTS } from "../../stacks/shards/stack-name.ts";
import { gathered, positive } from "../option-values.ts";

/** Adds `lectern deploy`. */
export function addDeploy(program: Command): void {
  program
    .command("deploy")
    .description("bring the stacks of this project up with Pulumi: staging, then production in waves")
    .addOption(
      new Option("--environment <name>", "deploy the stacks of this environment alone").choices(ENVIRONMENTS),
    )
    .option("--jobs <number>", "how many stacks are deployed at the same time", positive, 4)
    .option("--only <cluster>", "deploy the stacks of this cluster alone")
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option(
      "--plan-digest <stack=digest>",
      "deploy a stack only where its plan still has this digest, which somebody approved; once per stack, or all with commas between. A digest alone where one stack is deployed",
      gathered,
    )
    .option(
      "--approved-plan <stack=file>",
      "the approved plan, from the artifact's plans/, to name what is new where it differs; as --plan-digest",
      gathered,
    )
    .option(
      "--refresh",
      "read what is there first, so that what was changed outside the repository is put back",
    )
    .option(
      "--policy-pack <dir>",
      "a folder of policies that each deployment has to pass, or `lectern` for Lectern's own; once per pack",
      gathered,
    )
    .option(
      "--through-freeze <reason>",
      "deploy also what events of the calendar freeze, and record the reason in the output `overrides`",
    )
    .option("--json", "print one JSON document instead of text")
    .option("--report <file>", "write the same document to a file as well, such as for `lectern notify`")
    .action(async (options) => {
      const { deploy } = await import("./deploy.ts");
      process.exitCode = await deploy(projectFolder(), options);
    });
}
