import pThrottle from "p-throttle";
import { type Network, NoAnswer, request } from "../http/request.ts";
import { jsonOf } from "../problem/json.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import type { ProviderContext } from "../resource/context/context.ts";
import { qbookConfig } from "./config.ts";
import { QbookError } from "./qbook-error.ts";
import { type Redact, redaction } from "./redaction.ts";

/** One call to qBook. */
export interface QbookCall {
  readonly method: "GET" | "POST" | "PUT";
  /** Below the base URL; see protocol.ts. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object | undefined;
}

/** An answer of any status. */
export interface QbookAnswer {
  /** `POST /learn/articles/course/ingest`, without host and query: for errors. */
  readonly call: string;
  readonly status: number;
  /** Whether the status is one of 200 to 299. */
  readonly ok: boolean;
  /** The body, parsed; undefined where it is not JSON. It may echo a secret: {@link QbookConnection.redact}. */
  readonly value: unknown;
}

/** The one way to qBook in a run: its address, key, timeout, limiter and redaction. */
export interface QbookConnection {
  /**
   * Makes a call with the key. GET and PUT are sent again where that may help, POST only where qBook
   * certainly did not see it. An interruption ends a GET; what changes something is seen through to its answer.
   * @throws {QbookError} where there is no answer
   */
  call(call: QbookCall): Promise<QbookAnswer>;
  /** Takes the key, and every other secret that is sent, out of a text that came from qBook. */
  readonly redact: Redact;
}

export interface QbookOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string;
  /** Other secrets that are sent, to keep them out of errors too. */
  readonly secrets?: readonly (string | undefined)[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly limiter?: Limiter;
  /** Milliseconds before the first retry. @default 500 */
  readonly backoff?: number;
  readonly signal?: AbortSignal;
}

/**
 * The connection by the stack's configuration; the run has one.
 * @throws {LecternError} where the configuration is wrong or incomplete
 */
export function qbookConnection(context: ProviderContext): QbookConnection {
  return context.once("qbook: connection", () => {
    const problems = connectionProblems(context);
    if (problems.length > 0) throw new LecternError(problems);
    const config = context.config(qbookConfig);
    return openConnection(context, {
      url: config.apiUrl.replace(/\/+$/, ""),
      key: config.apiKey ?? "",
      secrets: [config.repoReadToken],
      timeout: config.requestTimeout * 1000,
      limiter: requestLimiter(config.requestLimit),
      backoff: Math.min(500, config.pollInterval),
      signal: context.signal,
    });
  });
}

/** What is wrong with how qBook is to be reached, without a call. */
export function connectionProblems(context: ProviderContext): readonly Problem[] {
  try {
    const { apiKey, apiUrl } = context.config(qbookConfig);
    return [...(apiKey ? [] : [noKey]), ...(isSafe(new URL(apiUrl)) ? [] : [unsafeUrl])];
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
}

const noKey: Problem = {
  code: "no-api-key",
  severity: "error",
  path: "lectern:apiKey",
  message: "the API key for qBook is missing",
  remedy: "Run `pulumi config set --secret lectern:apiKey` and enter the key",
};

const unsafeUrl: Problem = {
  code: "unsafe-api-url",
  severity: "error",
  path: "lectern:apiUrl",
  message: "plain http, or a name and password in the URL, would expose the key on the network or in logs",
  remedy: "Use an https:// URL without a name and password",
};

/** Plain http only where it doesn't leave the machine; never a name and password in the URL. */
function isSafe(url: URL): boolean {
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return (url.protocol === "https:" || loopback) && url.username === "" && url.password === "";
}

const WINDOW = 15 * 60_000;

export type Limiter = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * A limiter of calls: any burst goes through at once, but never more than `limit` calls in any
 * 15 minutes, retries included.
 */
export function requestLimiter(limit: number): Limiter {
  const throttled = pThrottle({ limit, interval: WINDOW, strict: true })(
    async (run: () => Promise<unknown>) => run(),
  );
  return <T>(run: () => Promise<T>) => throttled(run) as Promise<T>;
}

/** A connection to the API at `url`. */
export function openConnection(network: Network, options: QbookOptions): QbookConnection {
  const redact = redaction([options.key, ...(options.secrets ?? [])]);
  return { redact, call: (call) => makeCall(network, options, redact, call) };
}

async function makeCall(
  network: Network,
  { url, key, timeout, limiter, backoff, signal }: QbookOptions,
  redact: Redact,
  { method, path, body }: QbookCall,
): Promise<QbookAnswer> {
  const call = `${method} ${path}`;
  const init: RequestInit = {
    method,
    headers: { "x-api-key": key, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    // A redirect would take the key to another address.
    redirect: "manual",
  };
  const policy = {
    name: call,
    timeout,
    idempotent: method !== "POST",
    ...(limiter ? { limiter } : {}),
    ...(backoff === undefined ? {} : { backoff }),
    ...(signal && method === "GET" ? { signal } : {}),
  };
  const response = await request(network, `${url}${path}`, init, policy).catch((error: unknown) => {
    throw error instanceof NoAnswer ? unanswered(call, error, new URL(url).host, redact) : error;
  });
  return { call, status: response.status, ok: response.ok, value: jsonOf(await response.text()) };
}

function unanswered(call: string, error: NoAnswer, host: string, redact: Redact): QbookError {
  const detail = redact(error.message.slice(call.length + 2));
  return new QbookError({
    call,
    outcome: error.sent ? "uncertain" : "not-sent",
    message: error.reason === "timeout" ? detail : `no answer from ${host} (${detail})`,
    remedy: "Check the network and lectern:apiUrl, and run again",
  });
}
