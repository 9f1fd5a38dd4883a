import type { Command } from "commander";
import type { ValuesOptions } from "./values.ts";

export function addValues(program: Command): void {
  program
    .command("values")
    .description("show the values of a hub, and which file sets each; secrets are masked")
    .argument("<cluster>", "the cluster's folder in the catalog, such as campus")
    .argument("<hub>", "the hub's name there, such as staging")
    .option("--catalog <dir>", "the catalog, instead of the project's")
    .option("--stack <name>", "include the secrets of the hub in this stack's configuration")
    .option("--explain <path>", "only what is at this path, the chart's defaults too, such as hub.config")
    .option("--json", "print one JSON document instead of text")
    .action(async (cluster: string, hub: string, options: ValuesOptions) => {
      const { showValues } = await import("./values.ts");
      process.exitCode = await showValues(cluster, hub, options);
    });
}
