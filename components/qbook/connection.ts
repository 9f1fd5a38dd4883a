import pThrottle from "p-throttle";
import { articleConfig } from "../article/config.ts";
import { LecternError, type Problem } from "../problem/problem.ts";
import type { Host } from "../resource/provider.ts";
import { type QbookClient, qbookClient } from "./articles-api.ts";
import { QbookError } from "./qbook-error.ts";

const WINDOW = 15 * 60_000;

type Limiter = <T>(run: () => Promise<T>) => Promise<T>;
const LIMITERS = new Map<string, Limiter>();

/**
 * The limiter of one API in this process: any burst goes through at once, but never more than
 * `limit` calls in any 15 minutes, retries included.
 */
export function apiLimiter(url: string, limit: number): Limiter {
  const known = LIMITERS.get(`${limit} ${url}`);
  if (known) return known;
  const throttled = pThrottle({ limit, interval: WINDOW, strict: true })(
    async (run: () => Promise<unknown>) => run(),
  );
  const made: Limiter = <T>(run: () => Promise<T>) => throttled(run) as Promise<T>;
  LIMITERS.set(`${limit} ${url}`, made);
  return made;
}

/** What is wrong with how qBook is to be reached, without asking it. */
export function connectionProblems(host: Host): Problem[] {
  const problems: Problem[] = [];
  if (!host.config("apiKey")) {
    problems.push({
      code: "no-api-key",
      severity: "error",
      path: "lectern:apiKey",
      message: "there is no key for qBook",
      remedy: "Run `pulumi config set --secret lectern:apiKey` and enter the key",
    });
  }
  const url = articleConfig.apiUrl.safeParse(host.config("apiUrl"));
  if (!url.success || !isSafe(new URL(url.data))) {
    problems.push({
      code: "unsafe-api-url",
      severity: "error",
      path: "lectern:apiUrl",
      message: url.success ? "plain http would show the key on the network" : "this is not a URL of an API",
      remedy: "Give an https:// URL",
    });
  }
  return problems;
}

/** Plain http only where it doesn't leave the machine; never a name and password in the URL. */
function isSafe(url: URL): boolean {
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return (url.protocol === "https:" || loopback) && url.username === "" && url.password === "";
}

/** A client with the stack's address, key and limits. @throws {LecternError} where one is wrong or missing */
export function connect(host: Host): QbookClient {
  const problems = connectionProblems(host);
  if (problems.length > 0) throw new LecternError(problems);
  const url = articleConfig.apiUrl.parse(host.config("apiUrl")).replace(/\/+$/, "");
  return qbookClient(host, {
    url,
    key: host.config("apiKey") ?? "",
    secrets: [host.config("repoReadToken")],
    timeout: setting(host, "requestTimeout") * 1000,
    limiter: apiLimiter(url, setting(host, "requestLimit")),
    backoff: Math.min(500, setting(host, "pollInterval")),
    ...(host.signal ? { signal: host.signal } : {}),
  });
}

const VERIFIED = new Map<string, Promise<unknown>>();

/**
 * Asks qBook once a run whether the key is good, so that a wrong one is one clear error before
 * anything is sent. The answer is kept for the run; where there was none, the next one asks again.
 */
export async function verifyOnce(host: Host, client: QbookClient): Promise<void> {
  const asked = VERIFIED.get(host.run);
  if (asked) return void (await asked);
  const asking = client.verify();
  VERIFIED.set(host.run, asking);
  asking.catch((error: unknown) => {
    if (!(error instanceof QbookError && error.outcome === "refused")) VERIFIED.delete(host.run);
  });
  await asking;
}

type NumberKey = "requestTimeout" | "requestLimit" | "pollInterval" | "processingLimit";

/** A number of the articles' configuration; its default where it is not set. */
export function setting(host: Host, key: NumberKey): number {
  const text = host.config(key);
  return articleConfig[key].parse(text === undefined ? undefined : Number(text));
}
