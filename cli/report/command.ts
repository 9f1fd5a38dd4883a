import { type Command, Option } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import { ENVIRONMENTS } from "../../stacks/shards/stack-name.ts";
import { gathered, positive } from "../option-values.ts";

/** Adds `lectern report`. */
export function addReport(program: Command): void {
  program
    .command("report")
    .description("show what is deployed where: one HTML file, or JSON; it changes nothing")
    .option("--state <dir>", "the state folder of `lectern sandbox`, instead of the stacks of this project")
    .option("--out <file>", "write to a file, JSON where its name ends in .json; once per file", gathered)
    .option("--json", "print one JSON document instead of the page")
    .option("--history <path>", "an earlier report in JSON, or a folder of them; once per path", gathered)
    .option("--deployed <file>", "what `lectern deploy --json` printed")
    .option("--drift <file>", "what `lectern drift --json` printed")
    .option("--summary <file>", "append a summary in Markdown to a file, such as $GITHUB_STEP_SUMMARY")
    .addOption(
      new Option("--environment <name>", "read the stacks of this environment alone").choices(ENVIRONMENTS),
    )
    .option("--only <cluster>", "read the stacks of this cluster alone")
    .option("--jobs <number>", "how many stacks are read at the same time", positive, 4)
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .action(async (options) => {
      const { report } = await import("./report.ts");
      process.exitCode = await report(projectFolder(), options);
    });
}
