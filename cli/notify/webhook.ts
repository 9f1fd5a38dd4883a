import { type Network, NoAnswer, request } from "../../components/http/request.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { Format } from "../../plan/notification/format-names.ts";

/** Where a notification goes. Its address is a secret: who has it may write there. */
export interface Webhook {
  readonly address: string;
  readonly format: Format;
}

const VARIABLE = "LECTERN_WEBHOOK_URL";
const TIMEOUT = 20_000;
/** How often it is tried again where the service fails, or asks to wait. */
const RETRIES = 3;
/** No service answers more than a word. */
const LARGEST_ANSWER = 2 ** 16;

/**
 * The webhook that the environment names.
 * @param format the service's. @default Slack's for Slack's host, and JSON for any other
 * @returns undefined where it names none
 * @throws {LecternError} where it is no address, without the address
 */
export function webhookOf(environment: NodeJS.ProcessEnv, format?: Format): Webhook | undefined {
  const address = environment[VARIABLE]?.trim();
  if (!address) return undefined;
  const url = URL.parse(address);
  const isLoopback = url !== null && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url === null || !(url.protocol === "https:" || (url.protocol === "http:" && isLoopback))) {
    throw failed(
      `${VARIABLE} is not an address that begins with https://`,
      "Set it to the address that the service gave you",
    );
  }
  return { address, format: format ?? (url.hostname === "hooks.slack.com" ? "slack" : "json") };
}

/**
 * Sends a notification, and tries again where the service fails or asks to wait: a notification that arrives twice does
 * less harm than one that is lost.
 * @throws {LecternError} where the service refuses it, or does not answer, without the address
 */
export async function post(network: Network, { address }: Webhook, payload: object): Promise<void> {
  const init: RequestInit = {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "lectern" },
    body: JSON.stringify(payload),
    // It would send the notification to somebody else.
    redirect: "manual",
  };
  const policy = {
    name: "the webhook",
    timeout: TIMEOUT,
    idempotent: true,
    retries: RETRIES,
    largest: LARGEST_ANSWER,
  };
  const status = await request(network, address, init, policy).then(
    (response) => response.status,
    (error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      // Its message could have the address in it.
      throw failed(
        `the webhook does not answer (${error.reason})`,
        "Check that its service can be reached from here",
      );
    },
  );
  if (status < 200 || status > 299) throw refused(status);
}

const refused = (status: number) =>
  failed(
    `the webhook refuses the notification (${status})`,
    status === 404 || status === 403 || status === 410
      ? `Create the webhook again, and set ${VARIABLE} to its address`
      : "Check --format, and that the service works",
  );

const failed = (message: string, remedy: string) =>
  new LecternError({ code: "webhook", severity: "error", message, remedy });
