import { type Command, Option } from "commander";

const FORMATS = ["table", "markdown", "json"] as const;

/** How a plan of a change is printed. */
export interface OutputOptions {
  readonly format: (typeof FORMATS)[number];
  /** The file that a job of GitHub Actions writes its outputs to. */
  readonly matrix?: string;
}

/** Adds the options of {@link OutputOptions} to a command. */
export const addOutputOptions = (command: Command): Command =>
  command
    .addOption(new Option("--format <format>", "how it is printed").choices(FORMATS).default("table"))
    .option(
      "--matrix <file>",
      "append the stacks to run as outputs of a GitHub Actions job, such as $GITHUB_OUTPUT",
    );
