import pLimit from "p-limit";
import { type Network, NoAnswer, request, wholeAnswer } from "../../http/request.ts";
import { hostOf, pathOf, type Repository } from "../reference.ts";
import { RegistryLogin } from "./registry-auth.ts";
import type { Registries, Registry } from "./registry-config.ts";
import { noAnswer } from "./registry-errors.ts";

type Method = "GET" | "HEAD" | "PUT" | "POST" | "PATCH" | "DELETE";

/** One call to the registry of a repository. */
export interface RegistryCall {
  readonly method: Method;
  readonly repository: Repository;
  /** Below `/v2/<repository>/`, or a URL that the registry itself gave for what comes next. */
  readonly target: string | URL;
  /** Whether it writes, and so needs more than the right to pull. @default false */
  readonly writes?: boolean;
  /** Another repository of the same registry that it reads from. */
  readonly from?: Repository;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | ReadableStream<Uint8Array>;
  /** Whether sending it twice does no harm. @default as the method has it */
  readonly idempotent?: boolean;
  /** Leaves the answer's body unread, because it may be larger than memory. Never tried again. */
  readonly streams?: boolean;
}

/** Milliseconds for a call; one that carries a layer may take long. */
const TIMEOUT = 60_000;
const STREAM_TIMEOUT = 60 * 60_000;
/** Bytes of an answer: a manifest has at most 4 MiB, and a page of tags is smaller still. */
const LARGEST = 16 * 2 ** 20;
/** Calls under way to one registry. */
const CONCURRENCY = 8;

interface Connection {
  readonly registry: Registry;
  readonly login: RegistryLogin;
  readonly limiter: <T>(run: () => Promise<T>) => Promise<T>;
}

/** Calls registries: finds them, logs in, waits its turn, tries again, and counts. */
export class RegistryHttp {
  readonly #network: Network;
  readonly #registries: Registries;
  readonly #connections = new Map<string, Connection>();
  readonly #calls = new Map<string, number>();

  constructor(network: Network, registries: Registries) {
    const counted: typeof fetch = (input, init) => {
      const method = init?.method ?? "GET";
      this.#calls.set(method, (this.#calls.get(method) ?? 0) + 1);
      return network.fetch(input, init);
    };
    this.#network = { ...network, clock: network.clock, fetch: counted };
    this.#registries = registries;
  }

  /** How many requests went out so far, by method; logins and retries too. */
  calls(): Record<string, number> {
    return Object.fromEntries(this.#calls);
  }

  /** The base URL of a repository's registry. */
  baseOf(repository: Repository): string {
    return this.#connection(hostOf(repository)).registry.base;
  }

  /** The answer of any status. @throws {LecternError} where there is none, or logging in fails */
  async send(call: RegistryCall): Promise<Response> {
    const connection = this.#connection(hostOf(call.repository));
    try {
      return await this.#exchange(connection, call);
    } catch (error) {
      if (error instanceof NoAnswer) throw noAnswer(connection.registry, error);
      throw error;
    }
  }

  async #exchange(connection: Connection, call: RegistryCall): Promise<Response> {
    const scopes = scopesOf(call);
    const sent = await connection.login.authorization(scopes);
    const response = await this.#attempt(connection, call, sent);
    // A stream that was sent is spent; its upload was opened with the same scopes a moment ago.
    if (response.status !== 401 || call.body instanceof ReadableStream) return response;
    const asked = response.headers.get("www-authenticate");
    const authorization = await connection.login.answer(asked, scopes, sent);
    if (authorization === undefined) return response;
    await response.body?.cancel();
    return this.#attempt(connection, call, authorization);
  }

  #attempt(connection: Connection, call: RegistryCall, authorization: string | undefined): Promise<Response> {
    const { registry, limiter } = connection;
    const url = urlOf(registry, call);
    // The registry may send an upload elsewhere, and no other host gets its password.
    const mayKnow = url.origin === new URL(registry.base).origin;
    const headers = { ...call.headers, ...(authorization && mayKnow ? { authorization } : {}) };
    const init: RequestInit = { method: call.method, headers, ...bodyOf(call) };
    if (call.streams) return this.#stream(url, init, nameOf(call));
    return request(this.#network, url, init, {
      name: nameOf(call),
      timeout: TIMEOUT,
      largest: LARGEST,
      idempotent: call.idempotent ?? !["POST", "PATCH"].includes(call.method),
      limiter,
    });
  }

  async #stream(url: URL, init: RequestInit, name: string): Promise<Response> {
    try {
      const response = await this.#network.fetch(url, {
        ...init,
        signal: AbortSignal.timeout(STREAM_TIMEOUT),
      });
      // Only what was asked for may be larger than memory.
      return response.ok ? response : await wholeAnswer(response, { name, largest: LARGEST });
    } catch (error) {
      if (error instanceof NoAnswer) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new NoAnswer(name, "network", cause instanceof Error ? cause.message : String(cause), true);
    }
  }

  #connection(host: string): Connection {
    const known = this.#connections.get(host);
    if (known) return known;
    const registry = this.#registries(host);
    const limit = pLimit(CONCURRENCY);
    const login = new RegistryLogin(this.#network, registry);
    const connection: Connection = { registry, login, limiter: (run) => limit(run) };
    this.#connections.set(host, connection);
    return connection;
  }
}

/** What a call is, for errors: `HEAD manifests/recommended of ghcr.io/org/image`. */
function nameOf(call: RegistryCall): string {
  const target = typeof call.target === "string" ? call.target.replace(/\?.*/, "") : "upload";
  return `${call.method} ${target} of ${call.repository}`;
}

function urlOf(registry: Registry, call: RegistryCall): URL {
  if (typeof call.target !== "string") return call.target;
  return new URL(`${registry.base}/v2/${pathOf(call.repository)}/${call.target}`);
}

function bodyOf(call: RegistryCall): RequestInit {
  if (call.body === undefined) return {};
  if (call.body instanceof ReadableStream) return { body: call.body, duplex: "half" } as RequestInit;
  // A view of a shared buffer is not a body; these bytes never are one.
  return { body: call.body as Uint8Array<ArrayBuffer> };
}

function scopesOf(call: RegistryCall): string[] {
  const scopes = [`repository:${pathOf(call.repository)}:pull${call.writes ? ",push" : ""}`];
  return call.from ? [...scopes, `repository:${pathOf(call.from)}:pull`] : scopes;
}
