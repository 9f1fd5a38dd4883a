import { LecternError } from "../../components/problem/problem.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import type { Format } from "../../plan/notification/format-names.ts";
import { payloadOf } from "../../plan/notification/formats.ts";
import { notificationOf } from "../../plan/notification/notification.ts";
import { printable } from "../../plan/printable.ts";
import { readDeployed } from "./read-deployed.ts";
import { post, webhookOf } from "./webhook.ts";

export interface NotifyOptions {
  readonly report?: string;
  readonly events?: readonly string[];
  readonly format?: Format;
  readonly runUrl?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** What became of a notification. */
type Notified =
  | { readonly state: "sent"; readonly title: string }
  | { readonly state: "off" }
  | { readonly state: "nothing" }
  | { readonly state: "failed"; readonly problem: string };

/**
 * `lectern notify`: tells a webhook what a deployment has put live.
 * @returns the exit code: 0 also where it can't be sent, unless `strict`
 */
export async function notify(options: NotifyOptions): Promise<0 | 1> {
  const notified = await attempted(options);
  if (options.json) process.stdout.write(`${JSON.stringify(notified, null, 2)}\n`);
  else print(notified);
  return notified.state === "failed" && options.strict ? 1 : 0;
}

async function attempted(options: NotifyOptions): Promise<Notified> {
  try {
    return await sent(options);
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return { state: "failed", problem: error.message };
  }
}

async function sent({ report, events = [], format, runUrl: run }: NotifyOptions): Promise<Notified> {
  const webhook = webhookOf(process.env, format);
  if (!webhook) return { state: "off" };
  const stacks = await readDeployed(report, events);
  const notification = notificationOf(stacks, run);
  if (!notification) return { state: "nothing" };
  const data = {
    version: 1,
    event: "deployment",
    ok: stacks.every(({ state }) => state === "deployed"),
    ...(run === undefined ? {} : { run }),
    stacks,
  };
  await post({ fetch, clock: systemClock }, webhook, payloadOf(notification, webhook.format, data));
  return { state: "sent", title: notification.title };
}

function print(notified: Notified): void {
  if (notified.state === "failed") process.stderr.write(`Nobody is notified: ${notified.problem}\n`);
  else process.stdout.write(`${outcomeOf(notified)}\n`);
}

function outcomeOf(notified: Exclude<Notified, { readonly state: "failed" }>): string {
  if (notified.state === "off") return "Nobody is notified: LECTERN_WEBHOOK_URL is not set.";
  if (notified.state === "nothing") return "Nobody is notified: nothing went live.";
  return `Notified: ${printable(notified.title)}`;
}
