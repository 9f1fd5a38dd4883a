import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../server.ts";

/** How the stand-in registry wants its users to log in. */
export interface LoginOptions {
  /** `bearer`: a token a scope, from the registry's own token service. */
  readonly scheme: "basic" | "bearer";
  readonly username: string;
  readonly password: string;
  /** Seconds that a token lives. @default 300 */
  readonly tokenLife?: number;
}

interface Grant {
  readonly scopes: ReadonlySet<string>;
  readonly until: number;
}

/** Lets requests in, or says how to log in. */
export class Login {
  readonly #options: LoginOptions;
  readonly #grants = new Map<string, Grant>();

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** Forgets every token that was given. */
  revoke(): void {
    this.#grants.clear();
  }

  /**
   * Whether the request may go on; else it was answered.
   * @param needs scopes such as `repository:lectern/lab:pull`, one action each
   */
  admit(request: IncomingMessage, response: ServerResponse, needs: readonly string[]): boolean {
    const { scheme } = this.#options;
    const header = request.headers.authorization ?? "";
    if (scheme === "basic" ? this.#knows(header) : this.#allows(header, needs)) return true;
    const realm = scheme === "basic" ? "stand-in" : `http://${request.headers.host}/token`;
    const challenge =
      scheme === "basic"
        ? `Basic realm="${realm}"`
        : `Bearer realm="${realm}",service="stand-in",scope="${needs.join(" ")}"`;
    const errors = [{ code: "UNAUTHORIZED", message: "authentication required" }];
    sendJson(response, 401, { errors }, { "www-authenticate": challenge });
    return false;
  }

  /** The token service: gives what is asked for to whoever has the password. */
  async token(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!this.#knows(request.headers.authorization ?? "") || url.searchParams.get("service") !== "stand-in") {
      return sendJson(response, 401, {
        errors: [{ code: "UNAUTHORIZED", message: "wrong name or password" }],
      });
    }
    const life = this.#options.tokenLife ?? 300;
    const token = randomBytes(18).toString("base64url");
    const scopes = new Set(
      url.searchParams
        .getAll("scope")
        .flatMap((scope) => scope.split(" "))
        .flatMap(actionsOf),
    );
    this.#grants.set(token, { scopes, until: Date.now() + life * 1000 });
    sendJson(response, 200, { token, expires_in: life });
  }

  #knows(header: string): boolean {
    const { username, password } = this.#options;
    return header === `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }

  #allows(header: string, needs: readonly string[]): boolean {
    const grant = this.#grants.get(header.replace(/^Bearer /, ""));
    return grant !== undefined && grant.until > Date.now() && needs.every((need) => grant.scopes.has(need));
  }
}

/** `repository:a/b:pull,push` as one scope an action. */
function actionsOf(scope: string): string[] {
  const [type = "", name = "", actions = ""] = scope.split(":");
  return actions.split(",").map((action) => `${type}:${name}:${action}`);
}
