import { z } from "zod";
import type { QbookAnswer, QbookConnection } from "./connection.ts";
import { apiFailure, unwrap } from "./protocol.ts";
import { QbookError, remedyFor } from "./qbook-error.ts";

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

/** The progress of a build. */
export interface KernelBuild {
  readonly status: "pending" | "active" | "failed";
  readonly imageUri?: string | undefined;
  readonly error?: string | undefined;
}

/** The calls to qBook's kernel service. */
export interface KernelsApi {
  /** Starts a build and returns its ID; `exists` where the service has a kernel of that name. */
  deploy(order: KernelOrder): Promise<{ buildId: string } | "exists">;
  /** Undefined where the service knows no such build. */
  build(buildId: string): Promise<KernelBuild | undefined>;
  /** The kernel in the catalogue; undefined where it isn't there. */
  listed(name: string): Promise<{ readonly imageUri?: string | undefined } | undefined>;
}

const deployed = z.looseObject({ buildId: z.string().min(1) });
const build = z.looseObject({
  status: z.enum(["pending", "active", "failed"]),
  imageUri: z.string().nullish(),
  error: z.string().nullish(),
});
const catalogue = z.looseObject({
  kernels: z.record(z.string(), z.looseObject({ imageUri: z.string().nullish() })),
});

/** The kernel service over a connection to qBook. */
export function kernelsApi(connection: QbookConnection): KernelsApi {
  const get = (path: string) => connection.call({ method: "GET", path });
  const understood = <T>(answer: QbookAnswer, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(unwrap(answer.value));
    if (answer.ok && parsed.success) return parsed.data;
    throw failureOf(answer, connection);
  };
  return {
    deploy: async (order) => {
      const answer = await connection.call({ method: "POST", path: "/kernels/deploy", body: order });
      const exists = apiFailure(answer.value).code === "KERNEL_ALREADY_EXISTS";
      return exists ? "exists" : understood(answer, deployed);
    },
    build: async (buildId) => {
      const answer = await get(`/kernels/deploy/${encodeURIComponent(buildId)}`);
      if (answer.status === 404) return undefined;
      const { status, imageUri, error } = understood(answer, build);
      const redacted = error ? connection.redact(error) : undefined;
      return { status, imageUri: imageUri ?? undefined, error: redacted };
    },
    listed: async (name) => {
      const { kernels } = understood(await get("/kernels"), catalogue);
      const found = Object.hasOwn(kernels, name) ? kernels[name] : undefined;
      return found && { imageUri: found.imageUri ?? undefined };
    },
  };
}

function failureOf({ call, ok, status, value }: QbookAnswer, { redact }: QbookConnection): QbookError {
  const { code, message } = apiFailure(value);
  const reason = [`status ${status}`, code, message].filter((part) => part).join(", ");
  return new QbookError({
    call,
    outcome: ok || status >= 500 ? "uncertain" : "refused",
    status,
    ...(code === undefined ? {} : { apiCode: redact(code) }),
    message: ok ? `unexpected response (${redact(reason)})` : redact(reason),
    remedy: ok ? "Check lectern:apiUrl; if it is right, ask qBook's support" : remedyFor(status),
  });
}
