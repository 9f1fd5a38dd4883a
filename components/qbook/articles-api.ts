import type { z } from "zod";
import type { ProviderContext } from "../resource/context/context.ts";
import { type QbookAnswer, type QbookCall, type QbookConnection, qbookConnection } from "./connection.ts";
import {
  type ArticleBody,
  type ArticleKind,
  type ArticleStatus,
  accepted,
  apiFailure,
  paths,
  requestBody,
  saysFailure,
  statusAnswer,
  updated,
  verified,
} from "./protocol.ts";
import { QbookError, remedyFor } from "./qbook-error.ts";
import type { Redact } from "./redaction.ts";

/** The calls to qBook that articles need. Each fails with a {@link QbookError}. */
export interface ArticlesApi {
  /** Asks whether the key is good. */
  verify(): Promise<{ email?: string }>;
  /**
   * Creates an article. Never sent twice by itself: where the error's outcome is `uncertain`, the
   * article may be there.
   */
  ingest(kind: ArticleKind, body: ArticleBody): Promise<{ customId: string }>;
  /** Replaces the content of an article; sending it twice does no harm. */
  replace(kind: ArticleKind, customId: string, body: ArticleBody): Promise<void>;
  /** How far the platform has processed it; undefined where it has no such article. */
  status(customId: string): Promise<ArticleStatus | undefined>;
}

interface Call<T> extends QbookCall {
  /** A good answer. */
  readonly answer: z.ZodType<T>;
}

/** The articles API at a connection. */
export function articlesApi(connection: QbookConnection): ArticlesApi {
  const { redact } = connection;
  const send = async <T>(call: Call<T>) => understand(call, await connection.call(call), redact);
  return {
    verify: async () => {
      const { email } = await send({ method: "GET", path: paths.verify(), answer: verified });
      return email === undefined ? {} : { email: redact(email) };
    },
    ingest: async (kind, body) => {
      // An ID that contains a secret would carry it into the state.
      const answer = accepted((id) => redact(id) === id);
      const call = { method: "POST", path: paths.ingest(kind), body: requestBody(body), answer } as const;
      const { article } = await send(call);
      return { customId: article.customId };
    },
    replace: async (kind, customId, body) => {
      const answer = updated(customId);
      await send({ method: "PUT", path: paths.replace(kind, customId), body: requestBody(body), answer });
    },
    status: async (customId) => {
      const call = { method: "GET", path: paths.status(customId), answer: statusAnswer } as const;
      const answer = await send(call).catch((error: unknown) => {
        if (error instanceof QbookError && error.status === 404) return undefined;
        throw error;
      });
      return answer && clean(answer, redact);
    },
  };
}

/**
 * The articles API, once the key has proved good: it is asked about once a run, so that a wrong one is one
 * clear error before anything is sent. Where there was no answer, the next caller asks again.
 * @throws {QbookError} where the key is refused or qBook can't be asked; {@link LecternError} where the
 * connection is configured wrong
 */
export async function verifiedArticlesApi(context: ProviderContext): Promise<ArticlesApi> {
  const api = articlesApi(qbookConnection(context));
  const refused = await context.once("qbook: whether the key is good", () =>
    api.verify().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof QbookError && error.outcome === "refused") return error;
        throw error;
      },
    ),
  );
  if (refused) throw refused;
  return api;
}

/** What the status endpoint answered, as it may be kept and shown. */
function clean({ status, url, revision, detail }: ArticleStatus, redact: Redact): ArticleStatus {
  return {
    status: redact(status),
    ...(url === undefined ? {} : { url: redact(url) }),
    ...(revision === undefined ? {} : { revision: redact(revision) }),
    ...(detail === undefined ? {} : { detail: shorten(redact(detail)) }),
  };
}

function understand<T>(call: Call<T>, answer: QbookAnswer, redact: Redact): T {
  if (!answer.ok) throw refusal(call, answer, redact);
  const result = call.answer.safeParse(answer.value);
  if (!result.success || saysFailure(answer.value)) throw unexpectedResponse(answer, redact);
  return result.data;
}

/**
 * An answer that refuses. A doubt is left by 5xx, by what a proxy says of a broken connection, and by a
 * redirect of a call that changes something: many servers redirect after the work is done.
 */
function refusal({ method }: QbookCall, { call, status, value }: QbookAnswer, redact: Redact): QbookError {
  const { code, message } = apiFailure(value);
  const apiCode = code === undefined ? undefined : shorten(redact(code));
  const words = [apiCode, message === undefined ? undefined : shorten(redact(message))]
    .filter(Boolean)
    .join(": ");
  const isRedirect = status >= 300 && status < 400;
  const isUncertain = status >= 500 || status === 408 || status === 499 || (isRedirect && method !== "GET");
  return new QbookError({
    call,
    outcome: isUncertain ? "uncertain" : "refused",
    status,
    ...(apiCode === undefined ? {} : { apiCode }),
    message: `status ${status}${words ? ` (${words})` : ""}`,
    remedy: remedyFor(status),
  });
}

/** An answer that does not mean what its status says. */
function unexpectedResponse({ call, status, value }: QbookAnswer, redact: Redact): QbookError {
  const { code, message } = apiFailure(value);
  const words = value === undefined ? "not JSON" : [code, message].filter(Boolean).join(": ");
  return new QbookError({
    call,
    outcome: "uncertain",
    status,
    message: `unexpected response with status ${status}${words ? ` (${shorten(redact(words))})` : ""}`,
    remedy:
      "Check lectern:apiUrl, and whether a proxy or a login page answered instead of the API; if neither did, ask qBook's support",
  });
}

/** One line of at most 300 characters. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
