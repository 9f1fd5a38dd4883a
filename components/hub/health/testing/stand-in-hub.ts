import type { Clock } from "../../../resource/context/clock.ts";

/** How a hub of a test behaves. */
export interface StandInOptions {
  readonly token?: string;
  /** The path that the hub serves below. @default / */
  readonly base?: string;
  /** Statuses of the health endpoint, one a question; the last one stays. @default 200 */
  readonly health?: readonly number[];
  /** Milliseconds until the endpoint answers. */
  readonly slow?: number;
  /** What becomes of a server that starts; `silent` is a stream of progress that breaks off. @default ready */
  readonly spawn?: "ready" | "fails" | "never" | "silent" | "refused";
  /** Whether servers don't stop. */
  readonly stuck?: boolean;
  /** Whether the test user's server runs already. */
  readonly running?: boolean;
  /** Whether the test user exists. @default true */
  readonly known?: boolean;
  /** Called at each request. */
  readonly onRequest?: (request: string) => void;
}

/** A hub of a test: its `fetch`, and what it was asked to do. */
export interface StandInHub {
  readonly fetch: typeof fetch;
  readonly requests: string[];
  readonly server: "none" | "starting" | "ready";
  /** From now on, another token is the valid one. */
  revoke(): void;
}

/** JupyterHub's API as a check uses it, without a network: time passes with the clock alone. */
export function standInHub(clock: Clock, options: StandInOptions = {}): StandInHub {
  const { base = "/", health = [200], spawn = "ready" } = options;
  let { known = true } = options;
  let token = options.token ?? "token-of-the-test";
  let server: StandInHub["server"] = options.running ? "ready" : "none";
  const requests: string[] = [];
  const statuses = [...health];
  const users = `${base}hub/api/users/`;

  const answer = async (method: string, path: string, authorization: string | null): Promise<Response> => {
    if (path === `${base}hub/health`) {
      if (options.slow) await clock.sleep(options.slow);
      return new Response(null, { status: (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200 });
    }
    if (authorization !== `token ${token}`) return json(403, { message: "Missing or invalid credentials." });
    const [user = "", ...rest] = path.slice(users.length).split("/");
    switch (`${method} ${rest.join("/")}`) {
      case "GET ":
        return known ? json(200, { servers: model(user) }) : json(404, { message: "not found" });
      case "POST ":
        known = true;
        return json(201, {});
      case "POST server":
        if (spawn === "refused") return json(429, { message: "Too many users trying to log in" });
        server = "starting";
        return json(202, {});
      case "DELETE server":
        if (!options.stuck) server = "none";
        return json(options.stuck ? 202 : 204, null);
      case "GET server/progress":
        return stream(user);
      default:
        return json(404, {});
    }
  };

  const model = (user: string) =>
    server === "none"
      ? {}
      : {
          "": {
            ready: server === "ready",
            pending: server === "ready" ? null : "spawn",
            url: `${base}user/${user}/`,
          },
        };

  const stream = (user: string): Response => {
    const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
    const first = event({ progress: 0, message: "Server requested" });
    if (spawn === "fails") {
      server = "none";
      return new Response(
        first + event({ progress: 100, failed: true, message: "Spawn failed: no such image" }),
      );
    }
    if (spawn === "never") return new Response(first);
    server = "ready";
    if (spawn === "silent") return new Response(first);
    const url = `${base}user/${user}/`;
    return new Response(
      first + event({ progress: 100, ready: true, message: `Server ready at ${url}`, url }),
    );
  };

  return {
    requests,
    get server() {
      return server;
    },
    revoke: () => {
      token = "another";
    },
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      init?.signal?.throwIfAborted();
      const request = `${init?.method ?? "GET"} ${url.pathname}`;
      requests.push(request);
      options.onRequest?.(request);
      return answer(init?.method ?? "GET", url.pathname, new Headers(init?.headers).get("authorization"));
    },
  };
}

const json = (status: number, body: unknown) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status });
