import { z } from "zod";
import { NoAnswer, request } from "../../http/request.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { HubFault, SEE_HUB_LOG } from "./hub-fault.ts";
import { progressEvents, type SpawnEvent } from "./spawn-progress.ts";

/** The server of a user as the hub shows it. */
export interface ListedServer {
  readonly ready: boolean;
  /** `spawn`, `stop` or `check` while the hub works on it. */
  readonly pending: string | undefined;
  /** Where it is, without the server's address. */
  readonly url: string;
}

/** The part of JupyterHub's REST API that a check uses, with an API token. */
export interface HubApi {
  /** @returns undefined for an unknown user */
  user(name: string): Promise<{ readonly server: ListedServer | undefined } | undefined>;
  createUser(name: string): Promise<void>;
  startServer(name: string): Promise<void>;
  /** @returns false where the hub can't do so at the moment, such as while the server starts */
  stopServer(name: string): Promise<boolean>;
  /** What the hub says while a server starts, until it is there or has failed, or the stream breaks off. */
  progress(name: string, timeout: number): AsyncIterable<SpawnEvent>;
}

export interface HubPlace {
  /** The hub's address with its base path. */
  readonly url: string;
  readonly token: string;
  /** Takes secrets out of what the hub says. */
  readonly redact: (text: string) => string;
}

const listed = z.object({
  servers: z
    .record(
      z.string(),
      z.object({
        ready: z.boolean().nullish(),
        pending: z.string().nullish(),
        stopped: z.boolean().nullish(),
        url: z.string().nullish(),
      }),
    )
    .default({}),
});

const CALL = 30_000;
const LARGEST = 2 ** 20;

/** @param signal gives calls up; its reason is thrown */
export function hubApi(place: HubPlace, context: ProviderContext, signal?: AbortSignal): HubApi {
  const headers = { authorization: `token ${place.token}`, accept: "application/json" };
  const at = (path: string) => hubUrl(place.url, `hub/api/users/${path}`);
  const call = async (method: string, path: string) => {
    const name = `${method} /users/${path}`;
    const policy = { name, timeout: CALL, idempotent: false, retries: 0, largest: LARGEST };
    try {
      return await request(
        context,
        at(path),
        { method, headers },
        { ...policy, ...(signal ? { signal } : {}) },
      );
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new HubFault(
        `the hub's API does not answer: ${error.message}`,
        "Check that the hub is running, and `health.url`",
      );
    }
  };
  const refused = async (what: string, response: Response) =>
    refusal(what, response.status, place.redact(await reasonIn(response)));

  return {
    user: async (name) => {
      const response = await call("GET", encodeURIComponent(name));
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw await refused(`read the user ${name}`, response);
      const parsed = listed.safeParse(await response.json().catch(() => undefined));
      if (!parsed.success)
        throw new HubFault(`the hub's API gives an unexpected response about the user ${name}`, SEE_HUB_LOG);
      return { server: serverIn(parsed.data) };
    },
    createUser: async (name) => {
      const response = await call("POST", encodeURIComponent(name));
      // 409: another run was faster.
      if (response.status !== 201 && response.status !== 409)
        throw await refused(`create the user ${name}`, response);
    },
    startServer: async (name) => {
      const response = await call("POST", `${encodeURIComponent(name)}/server`);
      if (response.status !== 201 && response.status !== 202)
        throw await refused(`start the server of ${name}`, response);
    },
    stopServer: async (name) => {
      const response = await call("DELETE", `${encodeURIComponent(name)}/server`);
      if (response.status === 401 || response.status === 403)
        throw await refused(`stop the server of ${name}`, response);
      return response.status === 204 || response.status === 202 || response.status === 404;
    },
    progress: (name, timeout) => {
      const late = AbortSignal.timeout(timeout);
      const any = signal ? AbortSignal.any([signal, late]) : late;
      return progressEvents(context.fetch, at(`${encodeURIComponent(name)}/server/progress`), {
        headers: { authorization: headers.authorization, accept: "text/event-stream" },
        signal: any,
      });
    },
  };
}

/** An address below the hub's base path. */
export function hubUrl(base: string, path: string): URL {
  return new URL(path, base.endsWith("/") ? base : `${base}/`);
}

function serverIn({ servers }: z.output<typeof listed>): ListedServer | undefined {
  const server = servers[""];
  if (!server || server.stopped) return undefined;
  return { ready: server.ready === true, pending: server.pending ?? undefined, url: server.url ?? "" };
}

function refusal(what: string, status: number, reason: string): HubFault {
  const message = `the hub's API refuses to ${what}: status ${status}${reason === "" ? "" : `, ${reason}`}`;
  if (status === 401 || status === 403) return new HubFault(message, TOKEN_REMEDY, { final: true });
  return new HubFault(message, SEE_HUB_LOG);
}

const TOKEN_REMEDY =
  "Check this hub's token in lectern:hubTokens: a service of the hub with the scopes admin:users, admin:servers and access:servers of the test user";

/** What the hub says of a failure, on one line. */
async function reasonIn(response: Response): Promise<string> {
  const parsed = z.object({ message: z.string() }).safeParse(await response.json().catch(() => undefined));
  return parsed.success ? parsed.data.message.replaceAll(/\s+/g, " ").slice(0, 500) : "";
}
