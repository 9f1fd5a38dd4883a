import { z } from "zod";
import { type Network, request } from "../../http/request.ts";
import { LecternError } from "../../problem/problem.ts";
import { isLoopback, type Registry } from "./registry-config.ts";

/** What a registry asks for when it answers 401. */
export interface Challenge {
  readonly scheme: "basic" | "bearer";
  readonly realm: string;
  readonly service?: string;
}

interface Token {
  readonly value: string;
  /** Milliseconds since the epoch; not used after it. */
  readonly until: number;
}

const tokenAnswer = z.object({
  token: z.string().min(1).optional(),
  access_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
});

/** Where a registry names no time, its tokens live a minute: so the distribution specification. */
const DEFAULT_LIFE = 60;
/** A token is renewed a little early, so that it doesn't run out on its way. Seconds. */
const MARGIN = 10;
const TIMEOUT = 30_000;
/** Bytes of an answer with a token. */
const LARGEST = 2 ** 20;

/** Logs in to one registry, as it asks for: not at all, with a password, or for a token a scope. */
export class RegistryLogin {
  readonly #network: Network;
  readonly #registry: Registry;
  readonly #tokens = new Map<string, Promise<Token>>();
  #challenge: Challenge | undefined;

  constructor(network: Network, registry: Registry) {
    this.#network = network;
    this.#registry = registry;
  }

  /** The Authorization header for these scopes; none until the registry has asked for one. */
  async authorization(scopes: readonly string[]): Promise<string | undefined> {
    const challenge = this.#challenge;
    if (!challenge) return undefined;
    if (challenge.scheme === "basic") return basic(this.#registry);
    const key = [...scopes].sort().join(" ");
    const known = await this.#tokens.get(key)?.catch(() => undefined);
    if (known && known.until > this.#network.clock.now()) return `Bearer ${known.value}`;
    return `Bearer ${(await this.#fetchToken(challenge, scopes, key)).value}`;
  }

  /**
   * The header to try again with after a 401; undefined where there is nothing else to try.
   * @throws {LecternError} where logging in fails
   */
  async answer(
    header: string | null,
    scopes: readonly string[],
    sent: string | undefined,
  ): Promise<string | undefined> {
    const challenge = parseChallenge(header ?? "");
    if (!challenge) return undefined;
    this.#challenge = challenge;
    // A token that was just refused may have been revoked; a password is refused once and for all.
    if (sent?.startsWith("Bearer ")) this.#tokens.delete([...scopes].sort().join(" "));
    const next = await this.authorization(scopes);
    return next === sent ? undefined : next;
  }

  #fetchToken(challenge: Challenge, scopes: readonly string[], key: string): Promise<Token> {
    const token = this.#askForToken(challenge, scopes);
    this.#tokens.set(key, token);
    token.catch(() => this.#tokens.delete(key));
    return token;
  }

  async #askForToken(challenge: Challenge, scopes: readonly string[]): Promise<Token> {
    const url = realmOf(challenge, this.#registry);
    if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
    for (const scope of scopes) url.searchParams.append("scope", scope);
    const authorization = basic(this.#registry);
    const asked = this.#network.clock.now();
    const response = await request(
      this.#network,
      url,
      { headers: authorization ? { authorization } : {} },
      { name: `login to ${this.#registry.host}`, timeout: TIMEOUT, idempotent: true, largest: LARGEST },
    );
    const answer = tokenAnswer.safeParse(
      response.ok ? await response.json().catch(() => undefined) : undefined,
    );
    const value = answer.data?.token ?? answer.data?.access_token;
    if (value === undefined) throw loginRefused(this.#registry, response.status);
    const life = Math.max((answer.data?.expires_in ?? DEFAULT_LIFE) - MARGIN, 1);
    return { value, until: asked + life * 1000 };
  }
}

/**
 * The first challenge of a WWW-Authenticate header that this client can answer.
 * @example parseChallenge('Bearer realm="https://auth.docker.io/token",service="registry.docker.io"')
 */
export function parseChallenge(header: string): Challenge | undefined {
  for (const [, scheme = "", rest = ""] of header.matchAll(
    /\b(Bearer|Basic)\s+((?:[^"]|"(?:\\.|[^"\\])*")*?)(?=,\s*(?:Bearer|Basic)\s|$)/gi,
  )) {
    const fields = new Map(
      [...rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,]+))/g)].map(
        ([, name = "", quoted, bare]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? ""],
      ),
    );
    const realm = fields.get("realm") ?? "";
    const service = fields.get("service");
    if (scheme.toLowerCase() === "basic") return { scheme: "basic", realm };
    if (realm !== "") return { scheme: "bearer", realm, ...(service === undefined ? {} : { service }) };
  }
  return undefined;
}

/** The password goes there, so only https or this machine will do. */
function realmOf(challenge: Challenge, registry: Registry): URL {
  const url = URL.canParse(challenge.realm) ? new URL(challenge.realm) : undefined;
  if (url && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)))) return url;
  throw new LecternError({
    code: "unsafe-login",
    severity: "error",
    message: `the registry ${registry.host} asks for logins to be sent to ${JSON.stringify(challenge.realm.slice(0, 200))}, which is not https`,
    remedy: "Ask the registry's owner for a token service over https",
  });
}

function loginRefused(registry: Registry, status: number): LecternError {
  const who = registry.credentials ? `as ${registry.credentials.username}` : "without a username";
  return new LecternError({
    code: "registry-login-refused",
    severity: "error",
    message: `the registry ${registry.host} refused the login ${who}: its token service answered ${status}`,
    remedy: `Check lectern:registries.${registry.host}.username, and set the password again: \`pulumi config set --secret lectern:registryPasswords\``,
  });
}

function basic({ credentials }: Registry): string | undefined {
  if (!credentials) return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}
