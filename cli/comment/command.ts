import { type Command, Option } from "commander";
import { gathered, pullRequestNumber } from "../option-values.ts";

/** Adds `lectern comment`. */
export function addComment(program: Command): void {
  program
    .command("comment")
    .description("compose the comment on a pull request from its plan and previews, and post it to GitHub")
    .option("--plan <file>", "what `lectern plan --format json` printed")
    .option(
      "--preview <stack=file>",
      "what `pulumi preview --json --show-sames` printed of a stack, or its file of --views; once per stack",
      gathered,
      [],
    )
    .option(
      "--received <dir>",
      "the artifacts of earlier jobs, a folder each: planned/ of `lectern ci pull-request`, previews-staging/ and previews-prod/ of `lectern ci preview`; instead of --plan, --preview and --problems",
    )
    .option("--problems <file>", "what `lectern validate --json` printed")
    .option("--base <dir>", "the catalog before the change, to say which cells and tags differ")
    .option("--head <dir>", "the catalog with the change")
    .option("--commit <sha>", "the commit that is planned")
    .option("--run-url <url>", "the workflow run, for a link")
    .option("--artifact-url <url>", "the artifact with the whole plan, for a link")
    .option("--no-credentials", "say that a fork gets no credentials, and so no previews")
    .option(
      "--not-previewed <file>",
      "what `lectern ci` wrote of why there is no preview with credentials; nothing where there is no such file",
    )
    .option("--output <file>", "where to write the comment, instead of standard output")
    .option("--whole <file>", "where to write the whole text, which can be longer than a comment")
    .option("--artifact <dir>", "where to write the whole plan, rendered differences and digests of plans")
    .option("--views <dir>", "where to write each preview without its states, for --preview of another job")
    .option("--annotations", "print problems as annotations of GitHub Actions, on standard error")
    .option("--from <file>", "post a comment that was composed before, instead of composing one")
    .option("--post", "create or edit the comment on GitHub; the token is in GITHUB_TOKEN or GH_TOKEN")
    .addOption(
      new Option("--repository <owner/name>", "with --post: the repository").env("GITHUB_REPOSITORY"),
    )
    .option("--number <number>", "with --post: the pull request's number", pullRequestNumber)
    .option("--author <login>", "with --post: who owns the comment, instead of the token's user")
    .option("--json", "print one JSON document instead of text")
    .action(async (options) => {
      const { comment } = await import("./comment.ts");
      process.exitCode = await comment(options);
    });
}
