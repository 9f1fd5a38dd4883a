import { type Command, InvalidArgumentError } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import type { DeploymentPlanOptions } from "./deployment.ts";
import { addOutputOptions } from "./output-options.ts";

type PlanOptions = DeploymentPlanOptions & { readonly json?: boolean };

function moment(text: string): string {
  if (Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError("Expected a time such as 2026-10-05T09:00+02:00.");
  return text;
}

/** Adds `lectern plan`. */
export function addPlan(program: Command): void {
  const command = program
    .command("plan")
    .description(
      "show what a change deploys, from the files that it touches; or a preview of the Pulumi CLI as the sandbox shows its own",
    )
    .argument(
      "[preview]",
      "instead of a change, what `pulumi preview --json --show-sames` printed; - is standard input",
    )
    .option(
      "--base <revision>",
      "compare with the commit where this one and HEAD have parted, such as origin/main",
    )
    .option(
      "--changed <file>",
      "the changed files, one path per line or as `git diff --name-status` prints them, also with -z; - is standard input",
    )
    .option(
      "--labels <json>",
      "the labels of the pull request, a JSON list: deployer:skip-deploy, deployer:skip-deploy-hubs, deployer:deploy-support and deployer:deploy-hubs decide",
    )
    .option(
      "--at <time>",
      "of a change: the moment for which it is shown which hubs events freeze, such as 2026-10-05T09:00+02:00; now by default",
      moment,
    )
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog");
  addOutputOptions(command).option("--json", "the same as --format json; of a preview, its data");
  command.action(async (file: string | undefined, options: PlanOptions) => {
    const given = [file, options.base, options.changed].filter((one) => one !== undefined);
    if (given.length !== 1) {
      command.error("error: give one of a preview, --base <revision> and --changed <file>", { exitCode: 2 });
    }
    if (file !== undefined) {
      const { showPlan } = await import("./plan.ts");
      process.exitCode = await showPlan(file, options);
      return;
    }
    const { printDeploymentPlan } = await import("./deployment.ts");
    process.exitCode = await printDeploymentPlan(
      projectFolder(),
      options.json ? { ...options, format: "json" } : options,
    );
  });
}
