import { z } from "zod";

/**
 * The protocol of the qBook API, as far as it is known: the envelopes of its responses, and the paths.
 * Whatever is learned about the API belongs here.
 */
export type ArticleKind = "course" | "blog";

/** What the status endpoint answers. */
export interface ArticleStatus {
  /** `unprocessed`, `processing`, `processed` or `failed`; another one is an intermediate status. */
  readonly status: string;
  /** Of a web page. It may be there, or not, in any status. */
  readonly url?: string;
  /** What tells one revision of the article from the next, where the API names it. Not documented. */
  readonly revision?: string;
  /** Why it failed, where the API gives a reason. */
  readonly detail?: string;
}

/** Whether processing has ended, well or not. */
export const isFinal = (status: string): status is "processed" | "failed" =>
  status === "processed" || status === "failed";

/** What an ingest or an update sends. The API clones `repoUrl` at `commitSha` with the token. */
export interface ArticleBody {
  readonly data: Readonly<Record<string, unknown>>;
  readonly repoUrl: string;
  readonly commitSha: string;
  /** Goes into the request and nowhere else. */
  readonly repoReadToken?: string;
  /** Whether questions that the platform has already are sent again. @default false */
  readonly forceDuplicateQuestions?: boolean;
  /** Which attempt of a CI run this is. @default 1 */
  readonly runAttempt?: number;
}

export const paths = {
  verify: () => "/users/verify",
  ingest: (kind: ArticleKind) => `/learn/articles/${kind}/ingest`,
  /** Not documented; there is no other way to update. */
  replace: (kind: ArticleKind, customId: string) => `/learn/articles/${kind}/${encodeURIComponent(customId)}`,
  status: (customId: string) => `/learn/articles/files/status/${encodeURIComponent(customId)}`,
};

/** The whole request body. */
export function requestBody(body: ArticleBody): Record<string, unknown> {
  return {
    data: body.data,
    forceDuplicateQuestions: body.forceDuplicateQuestions ?? false,
    repoReadToken: body.repoReadToken ?? "",
    repoUrl: body.repoUrl,
    commitSha: body.commitSha,
    runAttempt: body.runAttempt ?? 1,
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
const unwrapped = <T extends z.ZodType>(schema: T) => z.preprocess(unwrap, schema);

export const verified = unwrapped(z.looseObject({ email: z.string().optional() }));

/** The answer to an ingest; its ID must be one that `isSafe` lets into the state. */
export const accepted = (isSafe: (id: string) => boolean) =>
  unwrapped(z.looseObject({ article: z.looseObject({ customId: customId.refine(isSafe) }) }));

/**
 * The answer to an update. Not documented: it confirms the update where it names the article, or names none
 * and reports success.
 */
export function updated(customId: string) {
  const named = { article: z.looseObject({ customId: z.literal(customId) }) };
  const data = z.looseObject({ article: named.article.optional() }).nullish();
  return z.union([
    z.looseObject({ success: z.literal(true), data }),
    z.looseObject({ status: z.literal("success"), data }),
    z.looseObject(named),
  ]);
}

const webPage = z.url({ protocol: /^https?$/ });

export const statusAnswer = unwrapped(
  z
    .looseObject({
      status: z.string().min(1).max(64),
      qbookUrl: z.string().nullish(),
      revision: z.union([z.string(), z.number()]).nullish(),
      commitSha: z.string().nullish(),
    })
    .transform((answer): ArticleStatus => {
      const { status, qbookUrl, revision = answer.commitSha } = answer;
      const { data: url } = webPage.safeParse(qbookUrl);
      const { message: detail } = status === "failed" ? apiFailure(answer) : {};
      return {
        status,
        ...(url && { url }),
        ...(revision && { revision: String(revision) }),
        ...(detail && { detail }),
      };
    }),
);

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
