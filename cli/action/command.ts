import type { Command } from "commander";

/** Adds `lectern action`. */
export function addAction(program: Command): void {
  program
    .command("action")
    .description("deploy the one course, blog or kernel of an author's repository, as the GitHub action does")
    .addHelpText(
      "after",
      "\nThe inputs of action.yml are read from the environment, such as INPUT_COURSE_JSON_PATH.",
    )
    .action(async () => {
      const { action } = await import("./action.ts");
      process.exitCode = await action(process.env);
    });
}
