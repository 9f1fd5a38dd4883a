import type { Command } from "commander";
import { addOutputOptions } from "../plan/output-options.ts";
import type { GateOptions } from "./gate.ts";

/** Adds `lectern gate`. */
export function addGate(program: Command): void {
  const command = program
    .command("gate")
    .description("take the production hubs out of a plan whose support or staging hubs failed")
    .requiredOption("--plan <file>", "what `lectern plan --format json` printed")
    .requiredOption(
      "--results <file...>",
      "how staging ended: what `lectern deploy --json` printed, or a document per job of CI",
    );
  addOutputOptions(command).action(async (options: GateOptions) => {
    const { gate } = await import("./gate.ts");
    process.exitCode = await gate(options);
  });
}
