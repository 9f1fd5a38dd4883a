import { z } from "zod";
import { NoAnswer, request } from "../../../http/request.ts";
import { ChannelError, type Execution, executeOnChannel } from "../../../jupyter/kernel-channel.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { HubFault } from "../hub-fault.ts";

/** The kernels of a user's server. */
export interface ServerKernels {
  /** The names of the kernels that it has, the default one first. */
  names(): Promise<readonly string[]>;
  /** @returns the ID of a kernel that runs */
  start(name: string): Promise<string>;
  /** @param timeout milliseconds */
  execute(id: string, code: string, timeout: number): Promise<Execution>;
}

const specs = z.object({ default: z.string(), kernelspecs: z.record(z.string(), z.unknown()) });
const kernel = z.object({ id: z.string().regex(/^[\w-]+$/) });
const CALL = 60_000;

/** @param server the server's address */
export function serverKernels(
  server: URL,
  token: string,
  context: ProviderContext,
  signal: AbortSignal,
): ServerKernels {
  const authorization = `token ${token}`;
  const base = server.href.endsWith("/") ? server : new URL(`${server.href}/`);
  const call = async <T>(method: string, path: string, schema: z.ZodType<T>, body?: object): Promise<T> => {
    const init = {
      method,
      headers: { authorization, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
    const policy = {
      name: `${method} ${path}`,
      timeout: CALL,
      idempotent: method === "GET",
      retries: 1,
      signal,
    };
    const response = await request(context, new URL(path, base), init, policy).catch((error: unknown) => {
      throw error instanceof NoAnswer ? failed(error.message) : error;
    });
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (response.ok && parsed.success) return parsed.data;
    throw failed(`${method} ${path} answered ${response.status}`, response.status);
  };
  return {
    names: async () => {
      const { default: first, kernelspecs } = await call("GET", "api/kernelspecs", specs);
      return [first, ...Object.keys(kernelspecs).filter((name) => name !== first)];
    },
    start: async (name) => (await call("POST", "api/kernels", kernel, { name })).id,
    execute: async (id, code, timeout) => {
      const url = new URL(`api/kernels/${id}/channels`, base);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      try {
        return await executeOnChannel({ url, headers: { authorization }, code, timeout, signal });
      } catch (error) {
        if (!(error instanceof ChannelError)) throw error;
        throw failed(error.message, error.status);
      }
    },
  };
}

function failed(what: string, status?: number): HubFault {
  if (status === 401 || status === 403)
    return new HubFault(
      `the server of the test user refuses the hub's token: ${what}`,
      "Give the service of lectern:hubTokens the scope access:servers of the test user",
      { final: true },
    );
  return new HubFault(
    `the server of the test user can't execute the notebook: ${what}`,
    "See the log of the user's server for the cause",
  );
}
