import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { sandboxCommand } from "../sandbox/command-line.ts";
import { addAction } from "./action/command.ts";
import { addCalendar } from "./calendar/command.ts";
import { addCi } from "./ci/command.ts";
import { addCluster } from "./cluster/command.ts";
import { addComment } from "./comment/command.ts";
import { addDelegate } from "./delegate/command.ts";
import { addDeploy } from "./deploy/command.ts";
import { addDrift } from "./drift/command.ts";
import { addGate } from "./gate/command.ts";
import type { CleanOptions } from "./gateway/clean.ts";
import type { GatewayOptions } from "./gateway/gateway-world.ts";
import { addImport } from "./import/command.ts";
import type { NewOptions } from "./new/new.ts";
import { addNotify } from "./notify/command.ts";
import { commandsOf, exitCodes, OUTCOMES } from "./outcomes.ts";
import { addPlan } from "./plan/command.ts";
import { addProve } from "./prove/command.ts";
import { addReport } from "./report/command.ts";
import { addStacks } from "./stacks/command.ts";
import { addStudio } from "./studio/command.ts";
import { addTick } from "./tick/command.ts";
import { addUpgrade } from "./upgrade/command.ts";
import type { ValidateOptions } from "./validate/validate.ts";
import { addValues } from "./values/command.ts";

/** What people do first, with what it does. */
const EXAMPLES = [
  "new course fair-dice       make a course",
  "validate catalog           check everything as a deployment would",
  "sandbox                    deploy to stand-in services on this machine",
  "doctor --stack staging     report what going live still lacks",
];

/** The command line `lectern`. A command loads its module when it is called, which keeps the others fast. */
export function commandLine(): Command {
  const program = new Command("lectern")
    .description("Checks a Lectern catalog, tries it on this machine, and prepares its deployment.")
    .addHelpText("after", `\nExamples:\n${EXAMPLES.map((line) => `  lectern ${line}`).join("\n")}`)
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("Run the command with --help to see its arguments and options.")
    .exitOverride();
  program.addCommand(sandboxCommand());
  addValidate(program);
  addNew(program);
  addCalendar(program);
  addDoctor(program);
  addProve(program);
  addPlan(program);
  addGate(program);
  addComment(program);
  // It writes this repository's own pages.
  if (import.meta.filename.endsWith(".ts")) addReference(program);
  addImages(program);
  addProfiles(program);
  addNodeGroups(program);
  addGateway(program);
  addStacks(program);
  addStudio(program);
  addTick(program);
  addCluster(program);
  addDelegate(program);
  addDeploy(program);
  addDrift(program);
  addReport(program);
  addNotify(program);
  addValues(program);
  addImport(program);
  addUpgrade(program);
  addAction(program);
  addCi(program);
  for (const [name, command] of commandsOf(program)) describeExit(name, command);
  return program;
}

function addValidate(program: Command): void {
  program
    .command("validate")
    .description(
      "check courses, blogs, kernels, clusters and the calendar as a deployment would, without any service",
    )
    .argument("<dir...>", "a catalog, or folders of it")
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
    .option("--annotations", "print problems as annotations of GitHub Actions too, on standard error")
    .action(async (dirs: string[], options: ValidateOptions) => {
      const { validate } = await import("./validate/validate.ts");
      process.exitCode = await validate(dirs, options);
    });
}

function addNew(program: Command): void {
  const parent = program
    .command("new")
    .description("make a course, a blog, a kernel, a cluster or an event in the catalog");
  for (const kind of ["course", "blog", "kernel", "cluster", "event"] as const) {
    const command = parent
      .command(kind)
      .description(
        `make ${kind === "event" ? "an" : "a"} ${kind} in the catalog that passes validation as it is`,
      )
      .argument(
        "<name>",
        kind === "event"
          ? "its ID and its file's name, such as linear-algebra"
          : "the folder's name, which is its identity, such as fair-dice",
      )
      .option("--catalog <dir>", "the catalog, instead of the project's")
      .option("--json", "print one JSON document instead of text");
    const title = kind === "kernel" ? "the display name that courses use" : "what people read";
    if (kind !== "cluster") command.option("--title <text>", title);
    if (kind === "course" || kind === "blog") {
      command.option("--kernel <name>", "the display name of the kernel that runs the notebook");
    }
    command.action(async (name: string, options: NewOptions) => {
      const { create } = await import("./new/new.ts");
      process.exitCode = await create(kind, name, options);
    });
  }
}

function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("report what going live still lacks, each with the command that fixes it")
    .option("--stack <name>", "check the configuration and the services of this stack too")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: { stack?: string; json?: boolean }) => {
      const { doctor } = await import("./doctor/doctor.ts");
      process.exitCode = await doctor(options);
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
  const gateway = program.command("gateway").description("operate the gateways of a stack");
  const withGateway = (command: Command) =>
    command
      .argument("<name>", "the gateway's name in lectern:gateways")
      .requiredOption(
        "--stack <stack>",
        "the stack whose configuration has the gateway, its hosts and its token",
      );
  withGateway(gateway.command("restart"))
    .description("restart a gateway, after showing how many kernels that ends")
    .option("--yes", "do not ask")
    .action(async (name: string, options: GatewayOptions) => {
      const { restartGateway } = await import("./gateway/restart.ts");
      process.exitCode = await restartGateway(name, options);
    });
  withGateway(gateway.command("clean"))
    .description("remove images of kernels that the gateway's hosts no longer need, after listing them")
    .option("--keep <folder...>", "folders of kernelspecs of other stacks on these hosts, whose images stay")
    .option("--yes", "do not ask")
    .action(async (name: string, options: CleanOptions) => {
      const { cleanGateway } = await import("./gateway/clean.ts");
      process.exitCode = await cleanGateway(name, options);
    });
}

function describeExit(name: string, command: Command): void {
  const outcome = OUTCOMES[name];
  if (!outcome) throw new Error(`the outcome of the command ${name} is not described`);
  const lines = exitCodes(outcome).map(([code, meaning]) => `  ${code}  ${meaning}`);
  const examples = outcome.examples.map((example) => `  lectern ${example}`);
  command.addHelpText("after", `\nExamples:\n${examples.join("\n")}\n\nExit codes:\n${lines.join("\n")}`);
}
