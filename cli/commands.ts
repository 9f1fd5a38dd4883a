import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { sandboxCommand } from "../sandbox/command-line.ts";
import type { RestartOptions } from "./gateway/restart.ts";
import { commandsOf, exitCodes, OUTCOMES } from "./outcomes.ts";
import type { ValidateOptions } from "./validate/validate.ts";

/** The command line `lectern`. A command loads its module when it is called, which keeps the others fast. */
export function commandLine(): Command {
  const program = new Command("lectern")
    .description("Checks a Lectern catalog and shows what it would deploy.")
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("Run the command with --help to see its arguments and options.")
    .exitOverride();
  program.addCommand(sandboxCommand());
  addValidate(program);
  addReference(program);
  addImages(program);
  addProfiles(program);
  addNodeGroups(program);
  addGateway(program);
  for (const [name, command] of commandsOf(program)) describeExit(name, command);
  return program;
}

function addValidate(program: Command): void {
  program
    .command("validate")
    .description("check courses and blogs as a deployment would")
    .argument("<dir...>", "folders with a course.json, or folders that contain such folders")
    .option("--json", "print one JSON document instead of text")
    .option(
      "--warn <rules>",
      "comma-separated rules that only warn: credentials, active-content, missing-images",
    )
    .option("--kernels <names>", "comma-separated display names of the kernels that exist")
    .option(
      "--embed-hosts <hosts>",
      "comma-separated sites that notebooks may embed, instead of the default of lectern:embedHosts",
    )
    .action(async (dirs: string[], options: ValidateOptions) => {
      const { validate } = await import("./validate/validate.ts");
      process.exitCode = await validate(dirs, options);
    });
}

function addReference(program: Command): void {
  program
    .command("reference")
    .description("write the pages and JSON Schemas in docs/ that are generated from the code")
    .action(async () => {
      const { writeReference } = await import("./reference/reference.ts");
      process.exitCode = await writeReference(program);
    });
}

function addImages(program: Command): void {
  program
    .command("images")
    .description("select images of a repository by their tags")
    .command("select")
    .description("show what a policy selects: the images to hold ready, and the menu")
    .option("--tags <file>", "a JSON object that maps tags to digests")
    .option("--repository <repository>", "a repository on a registry, instead of a file")
    .requiredOption("--policy <file>", "the policy, YAML or JSON")
    .option("--json", "print one JSON document instead of a table")
    .action(async (options: { tags?: string; repository?: string; policy: string; json?: boolean }) => {
      const { selectImages } = await import("./hub/images.ts");
      process.exitCode = await selectImages(options);
    });
}

function addProfiles(program: Command): void {
  program
    .command("profiles")
    .description("render the profiles that users of a hub choose from")
    .command("render")
    .description("print KubeSpawner's profile_list from profiles.yaml and node-groups.json")
    .argument("<dir>", "a cluster's folder, such as catalog/clusters/campus")
    .option("--json", "print JSON instead of YAML")
    .action(async (dir: string, options: { json?: boolean }) => {
      const { renderProfiles } = await import("./hub/profiles.ts");
      process.exitCode = await renderProfiles(dir, options);
    });
}

function addNodeGroups(program: Command): void {
  program
    .command("node-groups")
    .description("maintain the node groups of a cluster")
    .command("load")
    .description("merge the infrastructure's node groups into a cluster's node-groups.json, by slug")
    .argument("<file>", "a JSON list of node groups, as infrastructure code writes it")
    .argument("<dir>", "a cluster's folder, such as catalog/clusters/campus")
    .option("--remove <slug...>", "node groups to remove; refused while a profile uses one")
    .option("--json", "print one JSON document instead of one line per group")
    .action(async (file: string, dir: string, options: { remove?: string[]; json?: boolean }) => {
      const { loadNodeGroupsFile } = await import("./hub/node-groups.ts");
      process.exitCode = await loadNodeGroupsFile(file, dir, options);
    });
}

function addGateway(program: Command): void {
  program
    .command("gateway")
    .description("operate the gateways of a stack")
    .command("restart")
    .description("restart a gateway, after showing how many kernels that ends")
    .argument("<name>", "the gateway's name in lectern:gateways")
    .requiredOption(
      "--stack <stack>",
      "the stack whose configuration has the gateway, its hosts and its token",
    )
    .option("--yes", "do not ask")
    .action(async (name: string, options: RestartOptions) => {
      const { restartGateway } = await import("./gateway/restart.ts");
      process.exitCode = await restartGateway(name, options);
    });
}

function describeExit(name: string, command: Command): void {
  const outcome = OUTCOMES[name];
  if (!outcome) throw new Error(`the outcome of the command ${name} is not described`);
  const lines = exitCodes(outcome).map(([code, meaning]) => `  ${code}  ${meaning}`);
  command.addHelpText("after", `\nExit codes:\n${lines.join("\n")}`);
}
