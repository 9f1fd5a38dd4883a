import { type Command, Option } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import { ENVIRONMENTS } from "../../stacks/shards/stack-name.ts";
import { positive } from "../option-values.ts";

const FORMATS = ["table", "markdown", "json"] as const;

/** Adds `lectern drift`. */
export function addDrift(program: Command): void {
  program
    .command("drift")
    .description(
      "find what was changed outside the repository since the last deployment, without changing anything",
    )
    .addOption(
      new Option("--environment <name>", "look at the stacks of this environment alone").choices(
        ENVIRONMENTS,
      ),
    )
    .option("--jobs <number>", "how many stacks are looked at at the same time", positive, 4)
    .option("--only <cluster>", "look at the stacks of this cluster alone")
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .addOption(new Option("--format <format>", "how it is printed").choices(FORMATS).default("table"))
    .option("--json", "the same as --format json")
    .option("--report <file>", "write the JSON document to a file as well, such as for `lectern report`")
    .option("--summary <file>", "append the Markdown to a file too, such as $GITHUB_STEP_SUMMARY")
    .option(
      "--issue",
      "open or update one issue on GitHub, and close it when the drift is gone; the token is in GITHUB_TOKEN or GH_TOKEN",
    )
    .addOption(
      new Option("--repository <owner/name>", "with --issue: the repository").env("GITHUB_REPOSITORY"),
    )
    .option("--author <login>", "with --issue: who owns the issue, instead of the token's user")
    .option("--run-url <url>", "the workflow run, for a link")
    .action(async (options) => {
      const { drift } = await import("./drift.ts");
      process.exitCode = await drift(
        projectFolder(),
        options.json ? { ...options, format: "json" } : options,
      );
    });
}
