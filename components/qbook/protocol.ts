import { z } from "zod";

/**
 * The protocol of the qBook API, as far as it is known: the envelopes of its responses, and the paths.
 * Whatever is learned about the API belongs here.
 */
export type ArticleKind = "course" | "blog";

const STATUSES = ["unprocessed", "processing", "processed", "failed"] as const;
type ProcessingStatus = (typeof STATUSES)[number];

/** What the status endpoint answers. A URL may be there, or not, in any status. */
export interface ArticleStatus {
  readonly status: ProcessingStatus;
  readonly url?: string;
}

/** What an ingest or an update sends. The API clones `repoUrl` at `commitSha` with the token. */
export interface ArticleBody {
  readonly data: Readonly<Record<string, unknown>>;
  readonly repoUrl: string;
  readonly commitSha: string;
  /** Goes into the request and nowhere else. */
  readonly repoReadToken?: string;
}

export const paths = {
  verify: () => "/users/verify",
  ingest: (kind: ArticleKind) => `/learn/articles/${kind}/ingest`,
  /** Not documented; there is no other way to update. */
  replace: (kind: ArticleKind, customId: string) => `/learn/articles/${kind}/${encodeURIComponent(customId)}`,
  status: (customId: string) => `/learn/articles/files/status/${encodeURIComponent(customId)}`,
};

/** The whole request body. Questions that the platform has already are not sent again. */
export function requestBody(body: ArticleBody): Record<string, unknown> {
  return {
    data: body.data,
    forceDuplicateQuestions: false,
    repoReadToken: body.repoReadToken ?? "",
    repoUrl: body.repoUrl,
    commitSha: body.commitSha,
    runAttempt: 1,
  };
}

/** The payload without what is around it: `{success, data}`, `{status: "success", data}`, or bare. */
export function unwrap(answer: unknown): unknown {
  const enveloped = z.looseObject({ data: z.unknown() }).safeParse(answer);
  if (!enveloped.success || enveloped.data.data === undefined || enveloped.data.data === null) return answer;
  const { success, status } = enveloped.data as { success?: unknown; status?: unknown };
  return success === true || status === "success" ? enveloped.data.data : answer;
}

/** Whether an answer with a good status says in its envelope that it failed. */
export function saysFailure(answer: unknown): boolean {
  const envelope = z.looseObject({}).safeParse(answer).data as
    | { success?: unknown; status?: unknown }
    | undefined;
  return envelope?.success === false || envelope?.status === "error";
}

const customId = z.string().min(1).max(256);
export const verified = z.looseObject({ email: z.string().optional() });
export const accepted = z.looseObject({ article: z.looseObject({ customId }) });
export const statusAnswer = z.looseObject({
  status: z.enum(STATUSES),
  qbookUrl: z.string().nullish(),
});

const failure = z.looseObject({
  error: z
    .union([z.string(), z.looseObject({ code: z.string().optional(), message: z.string().optional() })])
    .optional(),
  message: z.string().optional(),
});

/** The API's own code and message for a failure, where it gave them. */
export function apiFailure(answer: unknown): { code?: string; message?: string } {
  const { data } = failure.safeParse(answer);
  const error = typeof data?.error === "string" ? { message: data.error } : data?.error;
  const code = error && "code" in error ? error.code : undefined;
  const message = error?.message ?? data?.message;
  return { ...(code ? { code } : {}), ...(message ? { message } : {}) };
}
