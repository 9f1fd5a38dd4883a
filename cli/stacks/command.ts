import { type Command, Option } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import { ENVIRONMENTS } from "../../stacks/shards/stack-name.ts";

/** Adds `lectern stacks`. */
export function addStacks(program: Command): void {
  const stacks = program.command("stacks").description("show and split the stacks of this project");
  stacks
    .command("list", { isDefault: true })
    .description(
      "list the stacks that the files Pulumi.*.yaml ask for, and what each, nobody or two of them deploy; `lectern stacks` does the same",
    )
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: { catalog: string; json?: boolean }) => {
      const { printStacks } = await import("./print-stacks.ts");
      process.exitCode = await printStacks(projectFolder(), options);
    });
  stacks
    .command("split")
    .description(
      "move a cluster's resources from the stack that deploys it to one of its own, and prove it by previews",
    )
    .argument("<cluster>", "the cluster's folder in the catalog")
    .addOption(new Option("--environment <name>", "split this environment alone").choices(ENVIRONMENTS))
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .action(async (cluster: string, options) => {
      const { runSplit } = await import("./split/run-split.ts");
      process.exitCode = await runSplit(projectFolder(), cluster, options);
    });
}
