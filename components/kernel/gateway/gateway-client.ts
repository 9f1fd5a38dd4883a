import { z } from "zod";
import { NoAnswer, request } from "../../http/request.ts";
import { type CellExecution, ChannelError, executeOnChannel } from "../../jupyter/kernel-channel.ts";
import { jsonOf } from "../../problem/json.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { gatewaySecrets } from "../config.ts";
import { faultOf, GatewayError } from "./gateway-error.ts";

/** A kernelspec as a gateway knows it. */
interface ListedKernelspec {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A running kernel, as `GET /api/kernels` lists it. */
interface RunningKernel {
  readonly id: string;
  readonly name: string;
}

/** The part of an Enterprise Gateway's API that a deployment uses. */
export interface GatewayClient {
  /** `name (address)`, for messages. */
  readonly label: string;
  /** What is wrong with the gateway as a whole: no answer, or the token is refused. One attempt. */
  problem(): Promise<GatewayError | undefined>;
  /** Whether it is the sandbox's stand-in, whose kernels have nothing of their images in them. */
  isStandIn(): Promise<boolean>;
  kernelspec(name: string): Promise<ListedKernelspec | undefined>;
  /** The names of all kernelspecs. */
  kernelspecNames(): Promise<string[]>;
  /** Undefined where the gateway does not list them (`EG_LIST_KERNELS` is off). */
  runningKernels(): Promise<RunningKernel[] | undefined>;
  /**
   * Starts a kernel under an ID that the caller chose, so that a lost response loses no kernel.
   * @param timeout milliseconds for the kernel to be there
   */
  startKernel(name: string, id: string, env: Record<string, string>, timeout: number): Promise<void>;
  /** Ends a kernel; one that is gone is fine. */
  deleteKernel(id: string): Promise<void>;
  /** Executes a cell. @param timeout milliseconds */
  execute(kernelId: string, code: string, timeout: number, options?: ExecuteOptions): Promise<CellExecution>;
}

/** How a cell is executed, beside its time. */
interface ExecuteOptions {
  /** Bytes of outputs that are kept. */
  readonly outputLimit?: number;
  /** Interrupts the kernel once time is up, so that the cell says where it was, instead of failing the exchange. */
  readonly interrupts?: boolean;
  readonly signal?: AbortSignal;
}

/** Where a gateway is. */
export interface GatewayApi {
  readonly name: string;
  readonly url: string;
}

const model = z.object({ name: z.string(), spec: z.record(z.string(), z.unknown()) });
const models = z.object({ kernelspecs: z.record(z.string(), z.unknown()) });
const kernels = z.array(z.object({ id: z.string(), name: z.string() }));

const about = z.object({ version: z.string() });

const REQUEST_TIMEOUT = 30_000;

/** A client of one gateway. Its token is the configuration's `gatewayToken`, and it stays in here. */
export function gatewayClient(gateway: GatewayApi, context: ProviderContext): GatewayClient {
  const base = new URL(gateway.url);
  // Credentials in an address must not get into a log.
  const label = `${gateway.name} (${base.protocol}//${base.host}${base.pathname.replace(/\/$/, "")})`;
  const { gatewayToken: token } = context.config(gatewaySecrets);
  const headers: Record<string, string> = token ? { authorization: `token ${token}` } : {};
  const at = (path: string) => new URL(`${base.pathname.replace(/\/$/, "")}${path}`, base);

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Response> {
    const name = `${method} ${path}`;
    try {
      return await request(
        context,
        at(path),
        {
          method,
          headers: { ...headers, ...(options.body ? { "content-type": "application/json" } : {}) },
          ...(options.body ? { body: JSON.stringify(options.body) } : {}),
        },
        {
          name,
          timeout: options.timeout ?? REQUEST_TIMEOUT,
          idempotent: method !== "POST",
          retries: options.retries ?? 3,
        },
      );
    } catch (error) {
      if (error instanceof NoAnswer)
        throw new GatewayError(label, name, error.message.slice(name.length + 2));
      throw error;
    }
  }
  async function refused(callName: string, response: Response): Promise<GatewayError> {
    const reason = await reasonIn(response);
    const what = `status ${response.status}${reason ? `, ${reason}` : ""}`;
    return new GatewayError(label, callName, token ? what.replaceAll(token, "***") : what, response.status);
  }
  async function read<T>(path: string, schema: z.ZodType<T>, response: Response): Promise<T> {
    if (response.status !== 200) throw await refused(`GET ${path}`, response);
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new GatewayError(label, `GET ${path}`, "unexpected response", response.status);
  }

  return {
    label,
    problem: async () => {
      try {
        const response = await call("GET", "/api", { timeout: 5_000, retries: 0 });
        return response.status === 200 ? undefined : await refused("GET /api", response);
      } catch (error) {
        if (error instanceof GatewayError) return error;
        throw error;
      }
    },
    isStandIn: async () => {
      const answer: unknown = await (await call("GET", "/api")).json().catch(() => undefined);
      return about.safeParse(answer).data?.version === "stand-in";
    },
    kernelspec: async (name) => {
      const path = `/api/kernelspecs/${encodeURIComponent(name)}`;
      const response = await call("GET", path);
      return response.status === 404 ? undefined : read(path, model, response);
    },
    kernelspecNames: async () => {
      const listed = await read("/api/kernelspecs", models, await call("GET", "/api/kernelspecs"));
      return Object.keys(listed.kernelspecs);
    },
    runningKernels: async () => {
      const response = await call("GET", "/api/kernels");
      return response.status === 403 ? undefined : read("/api/kernels", kernels, response);
    },
    startKernel: async (name, id, env, timeout) => {
      const body = { name, env: { ...env, KERNEL_ID: id } };
      const response = await call("POST", "/api/kernels", { body, timeout, retries: 0 });
      if (response.status !== 201) throw await refused("POST /api/kernels", response);
    },
    deleteKernel: async (id) => {
      const response = await call("DELETE", `/api/kernels/${id}`);
      if (response.status !== 204 && response.status !== 404) {
        throw await refused(`DELETE /api/kernels/${id}`, response);
      }
    },
    execute: async (kernelId, code, timeout, { interrupts = false, ...options } = {}) => {
      const interrupt = async () => {
        const response = await call("POST", `/api/kernels/${kernelId}/interrupt`, { retries: 0 });
        if (!response.ok) throw await refused("POST interrupt", response);
      };
      const url = at(`/api/kernels/${kernelId}/channels`);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      try {
        return await executeOnChannel({
          url,
          headers,
          code,
          timeout,
          ...options,
          ...(interrupts ? { interrupt } : {}),
        });
      } catch (error) {
        if (!(error instanceof ChannelError)) throw error;
        const { message, status } = error;
        const fault = error.fault === "kernel" ? "kernel" : faultOf(status);
        throw new GatewayError(label, `websocket ${url.pathname}`, message, status, fault);
      }
    },
  };
}

interface CallOptions {
  readonly body?: unknown;
  readonly timeout?: number;
  readonly retries?: number;
}

/** The reason that a gateway gives for a failure, on one line. */
async function reasonIn(response: Response): Promise<string> {
  const text = await response.text().catch(() => "");
  const parsed = z
    .object({ reason: z.string().optional(), message: z.string().optional() })
    .safeParse(jsonOf(text));
  const parts = parsed.success ? [parsed.data.reason, parsed.data.message] : [];
  const line = [...new Set(parts.filter((part) => part))].join(": ");
  return line.replaceAll(/\s+/g, " ").slice(0, 500);
}
