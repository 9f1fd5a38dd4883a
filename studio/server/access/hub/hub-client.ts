import { z } from "zod";
import type { HubSettings } from "./hub-settings.ts";

/** Whoever a token is of, as the Hub tells. */
export interface HubUser {
  readonly name: string;
  readonly admin: boolean;
  readonly groups: readonly string[];
  /** What the token may do; it shrinks when roles do. */
  readonly scopes: readonly string[];
}

/** The Hub gave no answer, or one that is no part of its protocol. */
export class HubSilent extends Error {
  override readonly name = "HubSilent";
}

const PATIENCE = 10_000;
const tokenSchema = z.object({ access_token: z.string().min(1) });
const userSchema = z.object({
  name: z.string().min(1),
  admin: z.boolean().default(false),
  groups: z.array(z.string()).default([]),
  scopes: z.array(z.string()).default([]),
});

/** The calls of a JupyterHub's REST API that signing in needs. */
export class HubClient {
  readonly #settings: HubSettings;
  readonly #fetch: typeof fetch;

  constructor(settings: HubSettings, call: typeof fetch) {
    this.#settings = settings;
    this.#fetch = call;
  }

  /** The token that a code of the OAuth flow stands for; undefined where the Hub refuses the code. */
  async tokenFor(code: string): Promise<string | undefined> {
    const { clientId, token, callback } = this.#settings;
    const body = new URLSearchParams({
      client_id: clientId,
      client_secret: token,
      grant_type: "authorization_code",
      code,
      redirect_uri: callback,
    });
    const response = await this.#call("oauth2/token", { method: "POST", body });
    if (response.status >= 400 && response.status < 500) return undefined;
    return (await bodyOf(response, tokenSchema)).access_token;
  }

  /** Whoever a token is of; undefined where it is not valid, or no longer. */
  async userOf(token: string): Promise<HubUser | undefined> {
    const response = await this.#call("user", { headers: { authorization: `token ${token}` } });
    if (response.status === 401 || response.status === 403) return undefined;
    return bodyOf(response, userSchema);
  }

  async #call(path: string, init: RequestInit): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      return await this.#fetch(`${this.#settings.api}${path}`, { redirect: "error", signal, ...init });
    } catch (error) {
      throw new HubSilent(`the Hub's API does not answer at ${path}`, { cause: error });
    }
  }
}

async function bodyOf<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (response.ok && parsed.success) return parsed.data;
  throw new HubSilent(`the Hub's API answered with status ${response.status}`);
}
