import type { Command } from "commander";
import type { ImportOptions } from "./import.ts";
import type { Layout } from "./plan.ts";

const LAYOUTS: Readonly<Record<Layout, string>> = {
  hubploy: "a repository of HubPloy's: deployments/<name>/hubploy.yaml",
  "2i2c": "a repository of 2i2c's layout: config/clusters/<cluster>/cluster.yaml",
};

export function addImport(program: Command): void {
  const parent = program
    .command("import")
    .description("write a catalog from a repository that deploys hubs with another tool");
  for (const layout of ["hubploy", "2i2c"] as const) {
    const command = parent
      .command(layout)
      .description(`read ${LAYOUTS[layout]}`)
      .argument("<dir>", "the repository's folder")
      .option("--out <catalog>", "where the catalog is written", "catalog")
      .option("--json", "print one JSON document instead of text");
    if (layout === "hubploy")
      command.option(
        "--chart <folder>",
        "the chart that `hubploy deploy` was given, where there are several",
      );
    command.action(async (dir: string, options: ImportOptions) => {
      const { importCatalog } = await import("./import.ts");
      process.exitCode = await importCatalog(layout, dir, options);
    });
  }
}
