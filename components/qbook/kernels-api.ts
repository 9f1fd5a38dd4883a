import { z } from "zod";
import { NoAnswer, request } from "../http/request.ts";
import { LecternError } from "../problem/problem.ts";
import type { Host } from "../resource/provider.ts";

/** What a kernel is built from, as the service takes it. */
interface KernelOrder {
  readonly kernelName: string;
  readonly language: string;
  readonly displayName: string;
  /** Base64. */
  readonly dockerfile: string;
  /** Base64, by name. */
  readonly contextFiles?: Readonly<Record<string, string>>;
  readonly resources?: Readonly<Record<string, unknown>>;
}

/** How far a build is. */
export interface KernelBuild {
  readonly status: "pending" | "active" | "failed";
  readonly imageUri?: string | undefined;
  readonly error?: string | undefined;
}

/** The calls to qBook's kernel service. */
export interface QbraidClient {
  /** Starts a build and answers its id; `exists` where the service has a kernel of that name. */
  deploy(order: KernelOrder): Promise<{ buildId: string } | "exists">;
  /** Undefined where the service knows no such build. */
  build(buildId: string): Promise<KernelBuild | undefined>;
  /** The kernel in the catalogue; undefined where it isn't there. */
  listed(name: string): Promise<{ readonly imageUri?: string | undefined } | undefined>;
}

const DEFAULT_URL = "https://api-v2.qbraid.com/api/v1";

const deployed = z.looseObject({ buildId: z.string().min(1) });
const build = z.looseObject({
  status: z.enum(["pending", "active", "failed"]),
  imageUri: z.string().nullish(),
  error: z.string().nullish(),
});
const catalogue = z.looseObject({
  kernels: z.record(z.string(), z.looseObject({ imageUri: z.string().nullish() })),
});
const failure = z.looseObject({
  error: z.looseObject({ code: z.string().optional(), message: z.string().optional() }),
});

/** A client of qBook's kernel service, by the host's `apiUrl` and `apiKey`. */
export function qbraidClient(host: Host): QbraidClient {
  const key = host.config("apiKey") ?? "";
  const url = (host.config("apiUrl") ?? DEFAULT_URL).replace(/\/+$/, "");
  const timeout = Number(host.config("requestTimeout") ?? 60) * 1000;

  async function call(method: "GET" | "POST", path: string, body?: KernelOrder): Promise<Answer> {
    const name = `${method} ${path}`;
    const init: RequestInit = {
      method,
      headers: { "x-api-key": key, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      // A redirect would take the key to another address.
      redirect: "manual",
    };
    const policy = { name, timeout, idempotent: method === "GET" };
    const response = await request(host, `${url}${path}`, init, policy).catch((error: unknown) => {
      throw error instanceof NoAnswer ? failed(name, error.message.slice(name.length + 2)) : error;
    });
    const text = await response.text();
    const value = unwrap(safeJson(text));
    const { code, message } = failure.safeParse(value).data?.error ?? {};
    const said = [`status ${response.status}`, code, message].filter((part) => part).join(", ");
    return {
      ok: response.ok,
      code,
      status: response.status,
      value,
      name,
      said: key ? said.replaceAll(key, "***") : said,
    };
  }

  return {
    deploy: async (order) => {
      const answer = await call("POST", "/kernels/deploy", order);
      return answer.code === "KERNEL_ALREADY_EXISTS" ? "exists" : understood(answer, deployed);
    },
    build: async (buildId) => {
      const answer = await call("GET", `/kernels/deploy/${encodeURIComponent(buildId)}`);
      if (answer.status === 404) return undefined;
      const { status, imageUri, error } = understood(answer, build);
      return { status, imageUri: imageUri ?? undefined, error: error ?? undefined };
    },
    listed: async (name) => {
      const { kernels } = understood(await call("GET", "/kernels"), catalogue);
      const found = Object.hasOwn(kernels, name) ? kernels[name] : undefined;
      return found && { imageUri: found.imageUri ?? undefined };
    },
  };
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly code: string | undefined;
  readonly value: unknown;
  readonly name: string;
  readonly said: string;
}

function understood<T>(answer: Answer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(answer.value);
  if (answer.ok && parsed.success) return parsed.data;
  throw failed(answer.name, answer.ok ? "the answer is not what was expected" : answer.said);
}

function failed(call: string, what: string): LecternError {
  return new LecternError({
    code: "kernel-service",
    severity: "error",
    message: `${call} of the kernel service: ${what}`,
    remedy: "Check lectern:apiUrl and lectern:apiKey, and run again",
  });
}

/** `{success, data}` and `{status: "success", data}` are envelopes; a build's own status is not. */
function unwrap(value: unknown): unknown {
  const envelope = z.looseObject({ data: z.looseObject({}) }).safeParse(value);
  return envelope.success ? envelope.data.data : value;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
