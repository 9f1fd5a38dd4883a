import { type Command, Option } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import type { ImportArticlesOptions } from "./articles/import-articles.ts";
import type { ImportGatewayOptions } from "./gateway/import-gateway.ts";
import type { ImportOptions } from "./import.ts";
import type { Layout } from "./plan.ts";

const LAYOUTS: Readonly<Record<Layout, string>> = {
  hubploy: "a repository of HubPloy's: deployments/<name>/hubploy.yaml",
  "2i2c": "a repository of 2i2c's layout: config/clusters/<cluster>/cluster.yaml",
};

export function addImport(program: Command): void {
  const parent = program.command("import").description("bring what another tool has deployed into a catalog");
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
  addGateway(parent);
  addArticles(parent);
}

function addArticles(parent: Command): void {
  parent
    .command("articles")
    .description(
      "bring courses or blogs that are on qBook into the catalog, with the decision that adopts them",
    )
    .requiredOption("--id <id...>", "their IDs on qBook: the last part of each address")
    .option(
      "--from <dir...>",
      "for each ID, in the same order, its author's folder or clone with the course.json, which qBook does not give back",
    )
    .requiredOption("--stack <stack>", "the stack that adopts them")
    .addOption(new Option("--type <type>", "what they are").choices(["course", "blog"]).default("course"))
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: ImportArticlesOptions) => {
      const { importArticles } = await import("./articles/import-articles.ts");
      process.exitCode = await importArticles(options, projectFolder());
    });
}

function addGateway(parent: Command): void {
  parent
    .command("gateway")
    .description(
      "read the kernels that others have installed on a gateway, and write them into the catalog, with the decision that adopts them",
    )
    .argument("<name>", "the gateway's name in lectern:gateways")
    .requiredOption(
      "--stack <stack>",
      "the stack that adopts them; its configuration has the gateway and its hosts",
    )
    .option("--only <kernel...>", "these kernels alone, by the names of their folders")
    .option("--except <kernel...>", "all but these")
    .option(
      "--from <url>",
      "a folder of kernelspecs on this machine instead of the hosts, such as file:///srv/kernels",
    )
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option("--json", "print one JSON document instead of text")
    .action(async (name: string, options: ImportGatewayOptions) => {
      const { importGateway } = await import("./gateway/import-gateway.ts");
      process.exitCode = await importGateway(name, options, projectFolder());
    });
}
