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
  .option(
    "--warn <rules>",
    "comma-separated rules that only warn: credentials, active-content, missing-images",
  )
  .option("--kernels <names>", "comma-separated display names of the kernels that exist")
  .action(async (dirs: string[], options: { json?: boolean; warn?: string; kernels?: string }) => {
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

const images = program.command("images").description("images of a repository, by their tags");
images
  .command("select")
  .description("show what a policy selects: the images to hold ready, and the menu")
  .option("--tags <file>", "a JSON object from tag to digest")
  .option("--repository <repository>", "a repository on a registry, instead of a file")
  .requiredOption("--policy <file>", "the policy, YAML or JSON")
  .option("--json", "one JSON document instead of a table")
  .action(async (options: { tags?: string; repository?: string; policy: string; json?: boolean }) => {
    const { selectImages } = await import("./images.ts");
    process.exitCode = await selectImages(options);
  });

const profiles = program.command("profiles").description("what users of a hub choose from");
profiles
  .command("render")
  .description("print KubeSpawner's profile_list, as profiles.yaml and node-groups.json make it")
  .argument("<dir>", "a cluster's folder, such as catalog/clusters/campus")
  .option("--json", "one JSON document instead of YAML")
  .action(async (dir: string, options: { json?: boolean }) => {
    const { renderProfiles } = await import("./profiles.ts");
    process.exitCode = await renderProfiles(dir, options);
  });

const nodeGroups = program.command("node-groups").description("the groups of nodes that a cluster has");
nodeGroups
  .command("load")
  .description("take the infrastructure's node groups into a cluster's node-groups.json, by slug")
  .argument("<file>", "a JSON list of node groups, as infrastructure code writes it")
  .argument("<dir>", "a cluster's folder, such as catalog/clusters/campus")
  .option("--remove <slug...>", "node groups to take out; refused where a profile uses one")
  .option("--json", "one JSON document instead of a line for each")
  .action(async (file: string, dir: string, options: { remove?: string[]; json?: boolean }) => {
    const { loadNodeGroupsFile } = await import("./node-groups.ts");
    process.exitCode = await loadNodeGroupsFile(file, dir, options);
  });

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
