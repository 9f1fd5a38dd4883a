import type { Command } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import type { DelegateOptions } from "./delegate.ts";

/** Adds `lectern delegate`. */
export function addDelegate(program: Command): void {
  program
    .command("delegate")
    .description(
      "tell whether a change touches only what its authors may decide: profiles and images of hubs, by `delegates` in cluster.yaml, and articles, by CODEOWNERS, both as the base has them",
    )
    .requiredOption("--base <revision>", "what the change is merged into, such as origin/main")
    .requiredOption("--head <revision>", "the change")
    .requiredOption(
      "--author <login...>",
      "everybody who has a part in the change, by their logins on GitHub; all of them have to be allowed",
    )
    .option("--teams <team...>", "the teams that all of them are members of, such as my-organization/physics")
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: DelegateOptions) => {
      const { delegate } = await import("./delegate.ts");
      process.exitCode = await delegate(projectFolder(), options);
    });
}
