import type { Outcome } from "../outcome.ts";

/** How `lectern notify` ends. */
export const NOTIFY_OUTCOMES: Readonly<Record<string, Outcome>> = {
  notify: {
    examples: ["notify --report deployed.json", "notify --events prod=prod.jsonl --format mattermost"],
    success:
      "the notification is sent, there is nothing to tell, or LECTERN_WEBHOOK_URL is not set; also where it can't be sent, which is a warning: a deployment does not fail for it",
    failure: "with --strict: the notification can't be sent",
    json: "`state`: sent, nothing, off or failed; `title`: with sent, its first line; `problem`: with failed, why",
  },
};
