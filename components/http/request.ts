import pRetry from "p-retry";
import type { Clock } from "../provider/provider.ts";

/** How one call over HTTP is made. */
export interface CallPolicy {
  /** What the call is, for errors: `GET /users/verify of qBook`. Never a secret, never a query string. */
  readonly name: string;
  /** Milliseconds until an unanswered attempt is given up. */
  readonly timeout: number;
  /** Whether sending it twice does no harm. Only such a call is tried again. */
  readonly idempotent: boolean;
  /** How often it is tried again at the most. @default 4 */
  readonly retries?: number;
  /** Milliseconds before the first retry; doubled each time, with jitter. @default 500 */
  readonly backoff?: number;
  /** Waits for this call's turn. */
  readonly limiter?: <T>(run: () => Promise<T>) => Promise<T>;
  readonly signal?: AbortSignal;
}

/**
 * A call that got no answer. `sent` is false only where the server certainly did not see it
 * (its name did not resolve, or the connection was refused).
 */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly sent: boolean;
  readonly reason: "timeout" | "network";

  constructor(call: string, reason: "timeout" | "network", detail: string, sent: boolean) {
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

/**
 * One HTTP call under a policy. An answer of any status is returned; of an idempotent call, 429
 * and 5xx are tried again first (`Retry-After` is honoured, up to two minutes).
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
  if (!policy.idempotent) return inTurn();
  try {
    return await pRetry(
      async () => {
        const response = await inTurn();
        if (response.status === 429 || response.status >= 500) throw new Unwell(response);
        return response;
      },
      {
        retries: policy.retries ?? 4,
        minTimeout: policy.backoff ?? 500,
        maxTimeout: 30_000,
        randomize: true,
        ...(policy.signal ? { signal: policy.signal } : {}),
        shouldRetry: ({ error }) => error instanceof Unwell || error instanceof NoAnswer,
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (!(error instanceof Unwell) || retriesLeft === 0) return;
          await error.response.body?.cancel();
          await network.clock.sleep(retryAfter(error.response, network.clock), policy.signal);
        },
      },
    );
  } catch (error) {
    if (error instanceof Unwell) return error.response;
    throw error;
  }
}

class Unwell extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`status ${response.status}`);
    this.response = response;
  }
}

async function once(
  network: Network,
  url: string | URL,
  init: RequestInit,
  policy: CallPolicy,
): Promise<Response> {
  const timeout = AbortSignal.timeout(policy.timeout);
  const signal = policy.signal ? AbortSignal.any([timeout, policy.signal]) : timeout;
  try {
    return await network.fetch(url, { ...init, signal });
  } catch (error) {
    if (policy.signal?.aborted) throw policy.signal.reason;
    if (timeout.aborted) {
      throw new NoAnswer(policy.name, "timeout", `no answer within ${policy.timeout / 1000} s`, true);
    }
    const cause = rootCause(error);
    const code = "code" in cause ? String(cause.code) : "";
    const sent = !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"].includes(code);
    throw new NoAnswer(policy.name, "network", code || cause.message, sent);
  }
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
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 120_000) : 0;
}
