import type { Status, StoredArticle } from "./articles.ts";
import type { Fault } from "./faults.ts";

/** What the status endpoint answers. */
interface StatusAnswer {
  readonly status: string;
  readonly qbookUrl: string | null;
  readonly message?: string;
}

/**
 * What the status endpoint says of an article. A URL is there from the moment that processing begins: it
 * says nothing.
 */
export function statusUnder(
  fault: Fault | undefined,
  { sentAt, revision, failure }: StoredArticle,
  status: Status,
  url: string,
  now: number,
): StatusAnswer {
  const qbookUrl = status === "unprocessed" ? null : url;
  const usual = { status, qbookUrl, ...(status === "failed" && failure ? { message: failure } : {}) };
  switch (fault?.fault) {
    case "stale":
      if (revision === 1 || now - sentAt >= (fault.delay ?? Number.POSITIVE_INFINITY)) return usual;
      return { status: "processed", qbookUrl: url };
    case "stuck":
      return { status: "processing", qbookUrl: url };
    case "queued":
      return { status: "queued", qbookUrl: null };
    case "failed-with-url":
      return { status: "failed", qbookUrl: url };
    case "null-url":
      return { status, qbookUrl: null };
    case "script-url":
      return { status, qbookUrl: "javascript:alert(1)" };
  }
  return usual;
}

/** Why what is sent under a fault can't be processed. */
export function failureBy(fault: Fault | undefined): string | undefined {
  return fault?.fault === "processing-fails" ? "a notebook could not be converted" : undefined;
}
