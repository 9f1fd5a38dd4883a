import { dirname } from "node:path";
import type { Command } from "commander";

const PROJECT = dirname(dirname(import.meta.dirname));

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
      process.exitCode = await printStacks(PROJECT, options);
    });
}
