import { LecternError } from "../problem/problem.ts";

/**
 * What is known of a call that failed.
 * - `refused`: the API answered that it did not do it.
 * - `not-sent`: the API was certainly never reached.
 * - `uncertain`: it may have done it; its answer was lost or made no sense.
 */
export type Outcome = "refused" | "not-sent" | "uncertain";

export interface QbookFailure {
  /** `POST /learn/articles/course/ingest`, without host and query. */
  readonly call: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly remedy: string;
  readonly status?: number;
  /** The API's own code, such as `UNAUTHORIZED`. */
  readonly apiCode?: string;
}

/** A call to qBook that failed, with what is known of its effect. Holds no secret. */
export class QbookError extends LecternError {
  override readonly name = "QbookError";
  readonly call: string;
  readonly outcome: Outcome;
  readonly status: number | undefined;
  readonly apiCode: string | undefined;

  constructor({ call, outcome, message, remedy, status, apiCode }: QbookFailure) {
    super({ code: `qbook-${outcome}`, severity: "error", message: `qBook ${call}: ${message}`, remedy });
    this.call = call;
    this.outcome = outcome;
    this.status = status;
    this.apiCode = apiCode;
  }
}

/** What to do about a status that refuses. */
export function remedyFor(status: number): string {
  if (status === 401)
    return "Use a valid key: set LECTERN_API_KEY if it came from the environment, otherwise run `pulumi config set --secret lectern:apiKey`";
  if (status === 403) return "Ask qBook for this permission, or use the key of an account that has it";
  if (status === 404) return "Check the ID, and lectern:apiUrl";
  if (status === 429)
    return "Wait 15 minutes, and run again; a lower lectern:requestLimit slows Lectern down";
  if (status >= 300 && status < 400)
    return "Set lectern:apiUrl to the address that answers without redirecting";
  if (status >= 500) return "Run again later; if the error persists, ask qBook's support";
  return "Correct what qBook reports, and run again";
}
