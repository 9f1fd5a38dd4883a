import { type Command, Option } from "commander";
import { FORMATS } from "../../plan/notification/format-names.ts";
import { gathered } from "../option-values.ts";

/** Adds `lectern notify`. */
export function addNotify(program: Command): void {
  program
    .command("notify")
    .description(
      "tell a chat or another service what a deployment has put live; its webhook is in LECTERN_WEBHOOK_URL",
    )
    .option("--report <file>", "what `lectern deploy --json` printed")
    .option("--events <stack=file>", "what `pulumi up --json` printed of a stack; once per stack", gathered)
    .addOption(
      new Option(
        "--format <format>",
        "the service that has the webhook, instead of slack for hooks.slack.com and json for any other",
      ).choices(FORMATS),
    )
    .option("--run-url <url>", "the workflow run, for a link")
    .option("--strict", "fail where the notification can't be sent")
    .option("--json", "print one JSON document instead of text")
    .action(async (options) => {
      const { notify } = await import("./notify.ts");
      process.exitCode = await notify(options);
    });
}
