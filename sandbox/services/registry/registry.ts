import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson, serve } from "../server.ts";
import { type Fault, Faults } from "./faults.ts";
import { Login, type LoginOptions } from "./login.ts";
import { type Exchange, findRoute, refuse } from "./routes.ts";
import { RegistryStore } from "./store.ts";

/** One request that the stand-in saw. */
interface RegistryCallRecord {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
}

export interface RegistryOptions {
  /** Where its state is kept; a restart with the same folder has it again. */
  readonly folder: string;
  /** @default any free port */
  readonly port?: number;
  /** @default everybody may do everything */
  readonly login?: LoginOptions;
}

/** A stand-in OCI registry on loopback that is running. */
export interface RegistryStandIn {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** As references name it: `127.0.0.1:<port>`. */
  readonly host: string;
  /** The bytes and names behind it, to seed them or to meddle with them. */
  readonly store: RegistryStore;
  /** What was asked of it since the last `forget`. */
  calls(): readonly RegistryCallRecord[];
  forget(): void;
  /** Switches a fault on. @returns what switches it off */
  fail(fault: Fault): () => void;
  /** Forgets the tokens that it gave, as a registry that was restarted. */
  revokeTokens(): void;
  stop(): Promise<void>;
}

/**
 * Starts a stand-in for an OCI registry: manifests, blobs, uploads, mounts, tags in pages, logins.
 * It is for trying and testing: no garbage collection, no limits, and nobody checks what it is sent
 * beyond what promotion needs.
 */
export async function startRegistry(options: RegistryOptions): Promise<RegistryStandIn> {
  const store = new RegistryStore(options.folder);
  const faults = new Faults();
  const login = options.login && new Login(options.login);
  let calls: RegistryCallRecord[] = [];
  const service = await serve(async (request, response) => {
    response.once("finish", () => {
      calls.push({ method: request.method ?? "", path: request.url ?? "", status: response.statusCode });
    });
    await answer(store, faults, login, request, response);
  }, options.port);
  return {
    url: service.url,
    host: new URL(service.url).host,
    store,
    calls: () => calls,
    forget: () => {
      calls = [];
    },
    fail: (fault) => faults.add(fault),
    revokeTokens: () => login?.revoke(),
    stop: () => service.stop(),
  };
}

async function answer(
  store: RegistryStore,
  faults: Faults,
  login: Login | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const method = request.method ?? "GET";
  if (url.pathname === "/token") return login?.token(request, response, url);
  const found = findRoute(method, url.pathname);
  if (login && !login.admit(request, response, scopesOf(found?.repository, method, url))) return;
  if (url.pathname === "/v2/") return sendJson(response, 200, {});
  if (!found) return refuse(response, 404, "NAME_UNKNOWN", "there is nothing at this path");
  if (!found.route) return refuse(response, 405, "UNSUPPORTED", "the operation is unsupported");
  const met = await faults.meet(`${method} ${request.url}`);
  if (met.has("broken")) return refuse(response, 500, "UNKNOWN", "the registry is broken");
  if (met.has("denied")) return refuse(response, 403, "DENIED", "requested access to the resource is denied");
  if (met.has("busy")) {
    return sendJson(response, 429, { errors: [{ code: "TOOMANYREQUESTS" }] }, { "retry-after": "1" });
  }
  const exchange: Exchange = { request, response, url, ...found, faults: met };
  if (!met.has("lost-answer")) return found.route(store, exchange);
  response.writeHead = () => response;
  response.end = () => response.destroy();
  await found.route(store, exchange);
}

function scopesOf(repository: string | undefined, method: string, url: URL): string[] {
  if (repository === undefined) return [];
  const from = url.searchParams.get("from");
  const reads = method === "GET" || method === "HEAD";
  return [
    `repository:${repository}:pull`,
    ...(reads ? [] : [`repository:${repository}:push`]),
    ...(from === null ? [] : [`repository:${from}:pull`]),
  ];
}
