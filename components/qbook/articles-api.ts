import type { z } from "zod";
import { type Network, NoAnswer, request } from "../http/request.ts";
import {
  type ArticleBody,
  type ArticleKind,
  type ArticleStatus,
  accepted,
  apiFailure,
  paths,
  requestBody,
  saysFailure,
  statusAnswer,
  unwrap,
  verified,
} from "./protocol.ts";
import { QbookError, remedyFor } from "./qbook-error.ts";
import { redaction } from "./redaction.ts";

/** The calls to qBook that articles need. Each fails with a {@link QbookError}. */
export interface QbookClient {
  /** Asks whether the key is good. */
  verify(): Promise<{ email?: string }>;
  /**
   * Creates an article. Never sent twice by itself: where the error's outcome is `uncertain`, the
   * article may be there.
   */
  ingest(kind: ArticleKind, body: ArticleBody): Promise<{ customId: string }>;
  /** Replaces the content of an article; sending it twice does no harm. */
  replace(kind: ArticleKind, customId: string, body: ArticleBody): Promise<void>;
  /** How far the platform is; undefined where it has no such article. */
  status(customId: string): Promise<ArticleStatus | undefined>;
}

export interface QbookOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string;
  /** Other secrets that are sent, to keep them out of errors too. */
  readonly secrets?: readonly (string | undefined)[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly limiter?: <T>(run: () => Promise<T>) => Promise<T>;
  /** Milliseconds before the first retry. @default 500 */
  readonly backoff?: number;
  readonly signal?: AbortSignal;
}

interface Call<T> {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly idempotent: boolean;
  readonly body?: Record<string, unknown>;
  /** What a good answer holds; absent where it doesn't matter. */
  readonly answer?: z.ZodType<T>;
}

/** A client of the qBook API at `url`. */
export function qbookClient(network: Network, options: QbookOptions): QbookClient {
  const send = <T>(call: Call<T>) => sendCall(network, options, call);
  const redact = redaction([options.key, ...(options.secrets ?? [])]);
  return {
    verify: async () => {
      const { email } = await send({
        method: "GET",
        path: paths.verify(),
        idempotent: true,
        answer: verified,
      });
      return email === undefined ? {} : { email: redact(email) };
    },
    ingest: async (kind, body) => {
      const call = { method: "POST", path: paths.ingest(kind), idempotent: false } as const;
      const { article } = await send({ ...call, body: requestBody(body), answer: accepted });
      // An id that holds a secret would carry it into the state.
      if (redact(article.customId) !== article.customId)
        throw senseless(`${call.method} ${call.path}`, 200, undefined, redact);
      return { customId: article.customId };
    },
    replace: async (kind, customId, body) => {
      const call = { method: "PUT", path: paths.replace(kind, customId), idempotent: true } as const;
      await send({ ...call, body: requestBody(body) });
    },
    status: async (customId) => {
      const call = { method: "GET", path: paths.status(customId), idempotent: true } as const;
      const answer = await send({ ...call, answer: statusAnswer }).catch((error: unknown) => {
        if (error instanceof QbookError && error.status === 404) return undefined;
        throw error;
      });
      if (!answer) return undefined;
      return { status: answer.status, ...(answer.qbookUrl ? { url: redact(answer.qbookUrl) } : {}) };
    },
  };
}

async function sendCall<T>(network: Network, options: QbookOptions, call: Call<T>): Promise<T> {
  const name = `${call.method} ${call.path}`;
  const redact = redaction([options.key, ...(options.secrets ?? [])]);
  const response = await request(
    network,
    `${options.url}${call.path}`,
    {
      method: call.method,
      headers: { "x-api-key": options.key, ...(call.body ? { "content-type": "application/json" } : {}) },
      ...(call.body ? { body: JSON.stringify(call.body) } : {}),
      // A redirect would take the key to another address.
      redirect: "manual",
    },
    {
      name,
      timeout: options.timeout,
      idempotent: call.idempotent,
      ...(options.limiter ? { limiter: options.limiter } : {}),
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
      // An interruption ends a question; what changes something is seen through to its answer.
      ...(options.signal && call.method === "GET" ? { signal: options.signal } : {}),
    },
  ).catch((error: unknown) => {
    throw error instanceof NoAnswer ? unanswered(name, error, options, redact) : error;
  });
  return understand(name, call, response, redact);
}

async function understand<T>(
  name: string,
  call: Call<T>,
  response: Response,
  redact: (text: string) => string,
): Promise<T> {
  const text = await response.text();
  const answer = parsed(text);
  if (!response.ok) throw refusal(name, response.status, answer, redact);
  if (saysFailure(answer)) throw senseless(name, response.status, answer, redact);
  if (!call.answer) return undefined as T;
  const result = call.answer.safeParse(unwrap(answer));
  if (!result.success) throw senseless(name, response.status, undefined, redact);
  return result.data;
}

/** An answer that says no. Only 5xx, and what a proxy says of a broken connection, leave a doubt. */
function refusal(
  name: string,
  status: number,
  answer: unknown,
  redact: (text: string) => string,
): QbookError {
  const { code, message } = apiFailure(answer);
  const apiCode = code === undefined ? undefined : shorten(redact(code));
  const words = [apiCode, message === undefined ? undefined : shorten(redact(message))]
    .filter(Boolean)
    .join(": ");
  return new QbookError({
    call: name,
    outcome: status >= 500 || status === 408 || status === 499 ? "uncertain" : "refused",
    status,
    ...(apiCode === undefined ? {} : { apiCode }),
    message: `it answered ${status}${words ? ` (${words})` : ""}`,
    remedy: remedyFor(status),
  });
}

function senseless(
  name: string,
  status: number,
  answer: unknown,
  redact: (text: string) => string,
): QbookError {
  const { code, message } = apiFailure(answer);
  const words = [code, message].filter(Boolean).join(": ");
  return new QbookError({
    call: name,
    outcome: "uncertain",
    status,
    message: `it answered ${status}, but not with what was expected${words ? ` (${shorten(redact(words))})` : ""}`,
    remedy: "Check lectern:apiUrl; if it is right, ask qBook's support",
  });
}

function unanswered(
  name: string,
  error: NoAnswer,
  options: QbookOptions,
  redact: (text: string) => string,
): QbookError {
  const detail = redact(error.message.slice(name.length + 2));
  const host = new URL(options.url).host;
  return new QbookError({
    call: name,
    outcome: error.sent ? "uncertain" : "not-sent",
    message: error.reason === "timeout" ? detail : `no answer from ${host} (${detail})`,
    remedy: "Check the network and lectern:apiUrl, and run again",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** One line of at most 300 characters. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
