import { z } from "zod";

/** Where a hub's API is, with a token that may list users (scopes `list:users` and `read:servers`). */
export interface HubApi {
  /** The hub's address with its base URL: `https://hub.example.org`. */
  readonly url: string;
  readonly token: string;
}

const usersSchema = z.array(
  z.object({ servers: z.record(z.string(), z.object({ stopped: z.boolean().optional() })).optional() }),
);

const PAGE = 200;
const PAGES = 50;
const TIMEOUT = 5_000;

/**
 * How many servers run, by the hub's own API; undefined where it does not answer in time or the token
 * is refused: a plan is made all the same.
 */
export async function runningServers(
  api: HubApi,
  fetch: typeof globalThis.fetch,
): Promise<number | undefined> {
  let count = 0;
  try {
    for (let page = 0; page < PAGES; page++) {
      const users = await activeUsers(api, page * PAGE, fetch);
      if (users === undefined) return undefined;
      for (const { servers = { "": {} } } of users) {
        count += Object.values(servers).filter(({ stopped }) => stopped !== true).length;
      }
      if (users.length < PAGE) return count;
    }
    return count;
  } catch {
    return undefined;
  }
}

async function activeUsers({ url, token }: HubApi, offset: number, fetch: typeof globalThis.fetch) {
  const address = `${url.replace(/\/+$/, "")}/hub/api/users?state=active&offset=${offset}&limit=${PAGE}`;
  const response = await fetch(address, {
    headers: { authorization: `token ${token}`, accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT),
    redirect: "error",
  });
  if (!response.ok) return undefined;
  return usersSchema.safeParse(await response.json()).data;
}
