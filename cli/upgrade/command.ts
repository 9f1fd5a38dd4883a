import type { Command } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import type { UpgradeOptions } from "./upgrade.ts";

/** Adds `lectern upgrade`. */
export function addUpgrade(program: Command): void {
  program
    .command("upgrade")
    .description(
      "move this repository to another version of the package, and prove by previews that no resource changes",
    )
    .option("--to <version>", "a version, a tag of the registry, or a packed file", "latest")
    .option(
      "--stack <name...>",
      "the stacks to preview; sandbox is the local one. Default: the project's stacks that exist",
    )
    .option("--no-preview", "prove nothing; the check of the pull request does")
    .option("--allow-changes", "keep the version although the previews show other changes than before")
    .action(async (options: UpgradeOptions) => {
      const { upgrade } = await import("./upgrade.ts");
      process.exitCode = await upgrade(projectFolder(), options);
    });
  program
    .command("finish-upgrade", { hidden: true })
    .description("what `lectern upgrade` of the version before calls, once this version is installed")
    .action(async () => {
      const { finishUpgrade } = await import("./finish-upgrade.ts");
      process.exitCode = await finishUpgrade(projectFolder());
    });
}
