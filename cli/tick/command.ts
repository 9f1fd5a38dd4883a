import type { Command } from "commander";
import { MOUNTED_WINDOWS } from "../../components/cluster/warm-up/mounted-windows.ts";
import type { TickCommandOptions } from "./run-tick.ts";

/** Adds `lectern tick`. */
export function addTick(program: Command): void {
  program
    .command("tick")
    .description("bring the placeholders that warm a cluster up for events to their number of this minute")
    .option("--windows <file>", "the windows, as the ConfigMap of a cluster has them", MOUNTED_WINDOWS)
    .option("--kubeconfig <file>", "how the cluster is reached, outside of it")
    .option("--context <name>", "the context of the kubeconfig, instead of its current one")
    .option("--dry-run", "only print what would be scaled")
    .action(async (options: TickCommandOptions) => {
      const { runTick } = await import("./run-tick.ts");
      process.exitCode = await runTick(options);
    });
}
