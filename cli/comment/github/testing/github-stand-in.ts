import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export const REPOSITORY = "my-university/teaching";
export const TOKEN = "ghs_canary0000000000000000000000000000000";
/** The user of a workflow's own token. */
export const BOT = "github-actions[bot]";

/** An answer that is given instead of the usual one, once. */
interface Trouble {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly method?: string;
  /** @default any address that is written to */
  readonly path?: RegExp;
  /** It is done all the same: only the answer is lost. */
  readonly done?: true;
}

/** A call of the API, as far as a resource answers it. */
export interface Asked {
  readonly method: string;
  /** Below the repository: `/issues/12/comments`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The JSON that was sent. */
  readonly sent: Readonly<Record<string, unknown>>;
}

/** An answer that leads to another address. */
export class Redirect {
  readonly location: string;
  constructor(location: string) {
    this.location = location;
  }
}

/** GitHub on loopback: the token and its user, troubles and pages. What it has is of the classes that extend it. */
export abstract class GithubStandIn {
  /** Undefined where GitHub does not tell. */
  viewer: string | undefined = BOT;
  readonly troubles: Trouble[] = [];
  /** Each call but those for the token's user: `GET /repos/my-university/teaching/issues?page=1`. */
  readonly calls: string[] = [];
  readonly #api = new LoopbackServer((request, response) => this.#answer(request, response));

  /** @returns the JSON of the answer; undefined where there is no such thing */
  protected abstract find(asked: Asked): unknown;

  async start(): Promise<void> {
    await this.#api.start();
  }
  async stop(): Promise<void> {
    await this.#api.stop();
  }

  /** The environment of a step, with the token that the workflow would have. */
  get environment(): Record<string, string> {
    return { GITHUB_API_URL: this.#api.address, GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: REPOSITORY };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const sent = await text(request);
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return reply(response, 401, { message: "Bad credentials" });
    if (url === "/graphql") return this.#tellViewer(response);
    this.calls.push(`${method} ${url}`);
    const trouble = this.#troubleOf(method, url);
    const found = trouble && !trouble.done ? undefined : this.find(askedOf(method, url, sent));
    if (trouble) return reply(response, trouble.status, { message: trouble.message ?? "" }, trouble.headers);
    if (found === undefined) return reply(response, 404, { message: "Not Found" });
    if (found instanceof Redirect) return reply(response, 302, {}, { location: found.location });
    reply(response, method === "POST" ? 201 : 200, found);
  }

  #tellViewer(response: ServerResponse): void {
    if (this.viewer === undefined) reply(response, 403, {});
    else reply(response, 200, { data: { viewer: { login: this.viewer } } });
  }

  #troubleOf(method: string, url: string): Trouble | undefined {
    const index = this.troubles.findIndex(
      (one) => (one.method ?? method) === method && (one.path ? one.path.test(url) : method !== "GET"),
    );
    return index < 0 ? undefined : this.troubles.splice(index, 1)[0];
  }
}

const askedOf = (method: string, url: string, sent: string): Asked => {
  const { pathname, searchParams: query } = new URL(url, "http://localhost");
  const path = pathname.replace(`/repos/${REPOSITORY}`, "");
  return { method, path, query, sent: sent === "" ? {} : JSON.parse(sent) };
};

/** The page of a list that a call asks for. */
export function pageOf<T>(all: readonly T[], query: URLSearchParams): T[] {
  const [size, number] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
  return all.slice((number - 1) * size, number * size);
}

/** An HTTP server on loopback. */
export class LoopbackServer {
  readonly #server: Server;
  constructor(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void) {
    this.#server = createServer((request, response) => void answer(request, response));
  }
  start = () => new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  stop = () => new Promise((resolve) => this.#server.close(resolve));
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}

function reply(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(json));
}
