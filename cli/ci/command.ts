import { type Command, InvalidArgumentError, Option } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import { ENVIRONMENTS } from "../../stacks/shards/stack-name.ts";
import { gathered, positive, pullRequestNumber } from "../option-values.ts";

/** Adds `lectern ci`: what the workflows call. */
export function addCi(program: Command): void {
  const ci = program.command("ci").description("the steps of the workflows for GitHub Actions");
  addPullRequest(ci);
  addWorkspace(ci);
  addPreview(ci);
  addSshAgent(ci);
  addDelegated(ci);
}

function addPullRequest(ci: Command): void {
  ci.command("pull-request")
    .description(
      "find the pull request that a workflow_run is about or that a maintainer named, with the plan that its own run has left, and decide whether it is previewed with credentials",
    )
    .addOption(
      new Option("--event <file>", "the event that started the workflow")
        .env("GITHUB_EVENT_PATH")
        .makeOptionMandatory(),
    )
    .option("--artifact <name>", "the artifact of the run that planned", "plan")
    .option("--output <dir>", "where to write plan.json, problems.json and not-previewed.json", "planned")
    .action(async (options) => {
      const { findPullRequest } = await import("./pull-request/pull-request.ts");
      process.exitCode = await findPullRequest(options);
    });
}

function addWorkspace(ci: Command): void {
  ci.command("workspace")
    .description(
      "in a checkout of the base, check out the catalog that merging a pull request leads to, beside the base's own program",
    )
    .requiredOption("--number <number>", "the pull request", pullRequestNumber)
    .requiredOption("--commit <sha>", "the commit that it must have", commitId)
    .addOption(
      new Option(
        "--program <whose>",
        "whose files are beside the catalog; the pull request's own only where a maintainer has read them",
      )
        .choices(["base", "head"])
        .default("base"),
    )
    .option("--catalog <dir>", "the catalog, from the repository's root", "catalog")
    .option("--not-previewed <file>", "where to write why there is no workspace")
    .action(async (options) => {
      const { makeWorkspace } = await import("./workspace/workspace.ts");
      process.exitCode = await makeWorkspace(process.cwd(), options);
    });
}

function addPreview(ci: Command): void {
  ci.command("preview")
    .description(
      "preview the stacks of an environment with Pulumi, and write what a comment and an approval have of each, without any state",
    )
    .addOption(
      new Option("--environment <name>", "the environment").choices(ENVIRONMENTS).makeOptionMandatory(),
    )
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option("--stacks <json>", "a JSON list of stacks, instead of all of the environment", '"all"')
    .option("--assume-staging", "preview production as if staging had passed")
    .option("--jobs <number>", "how many stacks are previewed at the same time", positive, 4)
    .option(
      "--policy-pack <dir>",
      "a folder of policies that each preview has to pass, or `lectern` for Lectern's own; once per pack",
      gathered,
    )
    .option("--output <dir>", "where to write views/, plans/ and plan.md", "previews")
    .action(async (options) => {
      const { previewStacks } = await import("./preview.ts");
      process.exitCode = await previewStacks(projectFolder(), options);
    });
}

function addSshAgent(ci: Command): void {
  ci.command("ssh-agent")
    .description("start an SSH agent for the later steps of a job, with lectern:sshPrivateKey of each stack")
    .addOption(
      new Option("--environment <name>", "the stacks of this environment alone").choices(ENVIRONMENTS),
    )
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .action(async (options) => {
      const { startSshAgent } = await import("./ssh-agent.ts");
      process.exitCode = await startSshAgent(projectFolder(), options);
    });
}

function addDelegated(ci: Command): void {
  ci.command("delegated")
    .description(
      "decide whether the pull request that a workflow_run is about is merged by itself: it has passed the check and has a plan, and everybody who has a part in it may decide it alone",
    )
    .addOption(
      new Option("--event <file>", "the event that started the workflow")
        .env("GITHUB_EVENT_PATH")
        .makeOptionMandatory(),
    )
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .action(async (options) => {
      const { decideDelegated } = await import("./delegated/delegated.ts");
      process.exitCode = await decideDelegated(projectFolder(), options);
    });
}

function commitId(text: string): string {
  if (!/^[0-9a-f]{40}$/.test(text)) throw new InvalidArgumentError("Expected the whole ID of a commit.");
  return text;
}
