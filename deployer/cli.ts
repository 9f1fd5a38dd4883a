#!/usr/bin/env node
import { Command, CommanderError } from "commander";

/** Each command's module is loaded only when it is called: the start-up time is the user's. */
const program = new Command("lectern")
  .description("Checks and previews what a Lectern catalog would deploy")
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) });

program
  .command("validate")
  .description("check courses and blogs as a deployment would")
  .argument("<dir...>", "folders with a course.json, or folders of such folders")
  .option("--json", "one JSON document instead of text")
  .option("--warn <rules>", "comma-separated rules that only warn: credentials, active-content, missing-images")
  .action(async (dirs: string[], options: { json?: boolean; warn?: string }) => {
    const { validate } = await import("./validate.ts");
    process.exitCode = await validate(dirs, options);
  });

program
  .command("reference")
  .description("write the pages and JSON Schemas under docs/ that are made from the schemas")
  .action(async () => {
    const { writeReference } = await import("./reference.ts");
    process.exitCode = await writeReference(process.cwd());
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
