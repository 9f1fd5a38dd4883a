import pRetry from "p-retry";
import type { Clock } from "../resource/context/clock.ts";

/** How one call over HTTP is made. */
export interface CallPolicy {
  /** What the call is, for errors: `GET /users/verify of qBook`. Never a secret, never a query string. */
  readonly name: string;
  /** Milliseconds until an unanswered attempt is given up; its body must have arrived by then too. */
  readonly timeout: number;
  /**
   * Whether sending it twice does no harm. Another call is only tried again where the server
   * certainly did not do it: it answered 429, or it was never reached.
   */
  readonly idempotent: boolean;
  /** How often it is tried again at the most. @default 4 */
  readonly retries?: number;
  /** Milliseconds before the first retry; doubled each time, with jitter, up to 30 s. @default 500 */
  readonly backoff?: number;
  /** Waits for this attempt's turn; the time it waits does not count towards `timeout`. */
  readonly limiter?: <T>(run: () => Promise<T>) => Promise<T>;
  readonly signal?: AbortSignal;
  /** How many bytes an answer may have: one that has more is given up. @default any number */
  readonly largest?: number;
}

/**
 * A call that got no whole answer. `sent` is false only where the server certainly did not see it
 * (its name did not resolve, or the connection was refused).
 */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly sent: boolean;
  readonly reason: "timeout" | "network" | "too-large";

  constructor(call: string, reason: NoAnswer["reason"], detail: string, sent: boolean) {
    super(`${call}: ${detail}`);
    this.reason = reason;
    this.sent = sent;
  }
}

/** What `request` needs of the outside. */
export interface Network {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

const MAX_BACKOFF = 30_000;
const MAX_RETRY_AFTER = 120_000;

/**
 * One HTTP call under a policy. An answer of any status is returned, its body already read; first
 * 429, and 5xx of an idempotent call, are tried again (`Retry-After` is honoured, up to two minutes).
 * @throws {NoAnswer} when there is none
 */
export async function request(
  network: Network,
  url: string | URL,
  init: RequestInit,
  policy: CallPolicy,
): Promise<Response> {
  const attempt = () => once(network, url, init, policy);
  const inTurn = policy.limiter ? () => policy.limiter?.(attempt) as Promise<Response> : attempt;
  const backoff = policy.backoff ?? 500;
  try {
    return await pRetry(
      async () => {
        const response = await inTurn();
        if (worthAnotherTry(response.status, policy.idempotent)) throw new RetryableResponse(response);
        return response;
      },
      {
        retries: policy.retries ?? 4,
        // The waiting is done below, by the host's clock.
        minTimeout: 0,
        ...(policy.signal ? { signal: policy.signal } : {}),
        shouldRetry: ({ error }) => mayRetry(error, policy.idempotent),
        onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
          if (retriesLeft === 0 || !mayRetry(error, policy.idempotent)) return;
          const asked = error instanceof RetryableResponse ? retryAfter(error.response, network.clock) : 0;
          await network.clock.sleep(Math.max(asked, jittered(backoff, attemptNumber)), policy.signal);
        },
      },
    );
  } catch (error) {
    if (error instanceof RetryableResponse) return error.response;
    throw error;
  }
}

/** A response that a retry may improve. */
class RetryableResponse extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`status ${response.status}`);
    this.response = response;
  }
}

function worthAnotherTry(status: number, idempotent: boolean): boolean {
  return status === 429 || (idempotent && status >= 500);
}

function mayRetry(error: unknown, idempotent: boolean): boolean {
  if (error instanceof RetryableResponse) return true;
  return error instanceof NoAnswer && error.reason !== "too-large" && (idempotent || !error.sent);
}

function jittered(backoff: number, attempt: number): number {
  return Math.min(backoff * 2 ** (attempt - 1) * (1 + Math.random()), MAX_BACKOFF);
}

async function once(
  network: Network,
  url: string | URL,
  init: RequestInit,
  policy: CallPolicy,
): Promise<Response> {
  const timeout = AbortSignal.timeout(policy.timeout);
  const signal = policy.signal ? AbortSignal.any([timeout, policy.signal]) : timeout;
  let answered = false;
  try {
    const response = await network.fetch(url, { ...init, signal });
    answered = true;
    return await wholeAnswer(response, policy);
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (policy.signal?.aborted) throw policy.signal.reason;
    if (timeout.aborted) {
      const what = answered ? "the response was incomplete" : "no answer";
      throw new NoAnswer(policy.name, "timeout", `${what} within ${policy.timeout / 1000} s`, true);
    }
    const cause = rootCause(error);
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    throw new NoAnswer(policy.name, "network", code || cause.message, answered || !NOT_SENT.has(code));
  }
}

/** A connection that was never made carried nothing. */
const NOT_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * The answer with its body in memory: a body that breaks off is a failure of the call.
 * @throws {NoAnswer} where it has more bytes than it may have; no more of them are read
 */
export async function wholeAnswer(
  response: Response,
  { name, largest }: Pick<CallPolicy, "name" | "largest">,
): Promise<Response> {
  const body = largest === undefined ? await response.arrayBuffer() : await limited(response, name, largest);
  const { status, statusText, headers } = response;
  return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
}

async function limited({ body }: Response, name: string, largest: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.byteLength;
    if (length > largest)
      throw new NoAnswer(name, "too-large", `the response is larger than ${largest / 2 ** 20} MiB`, true);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function rootCause(error: unknown): Error {
  let cause = error instanceof Error ? error : new Error(String(error));
  while (cause.cause instanceof Error) cause = cause.cause;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0];
  return cause;
}

/** Milliseconds that the server asked to wait, at most two minutes; 0 where it said nothing. */
function retryAfter(response: Response, clock: Clock): number {
  const value = response.headers.get("retry-after");
  if (!value) return 0;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - clock.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), MAX_RETRY_AFTER) : 0;
}
