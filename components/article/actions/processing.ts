import type { ArticlesApi } from "../../qbook/articles-api.ts";
import { type ArticleStatus, isFinal } from "../../qbook/protocol.ts";
import { QbookError } from "../../qbook/qbook-error.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import type { Pace } from "../../resource/context/poll.ts";
import type { Evidence } from "../article-contract.ts";
import type { RevisionWatch } from "./revision-watch.ts";

/** How waiting for qBook ended. `late`: the limit was reached; the platform may still finish. */
export type Processing =
  | { readonly end: "processed"; readonly url?: string | undefined; readonly evidence: Evidence }
  | { readonly end: "failed"; readonly url?: string | undefined; readonly detail?: string | undefined }
  | { readonly end: "late"; readonly status: string }
  | { readonly end: "gone" };

/** What is waited for. */
export interface Awaited {
  readonly customId: string;
  /** The article's ID in the catalog, for what is reported meanwhile. */
  readonly resource: string;
  /** Where readers find the article already, if they do. */
  readonly url?: string | undefined;
  readonly watch: RevisionWatch;
  /** Milliseconds to wait for a URL once the content is processed. */
  readonly settleTime: number;
}

/** The longest pause between two requests, in milliseconds. */
const SLOWEST = 15_000;
/** Progress is reported at least this often, in milliseconds. */
const SILENCE = 15_000;
/** How many times in a row the status may be unreadable, or not be there yet. */
const BAD_ANSWERS = 5;

/**
 * Asks until qBook is done with the content that was sent last. Only `processed` is success, whether or not
 * there is a URL; a URL in any other status means nothing.
 * @throws {QbookError} where qBook can't be asked; the signal's reason where it is aborted
 */
export async function awaitProcessed(
  api: ArticlesApi,
  awaited: Awaited,
  pace: Pick<Pace, "first" | "limit">,
  context: ProviderContext,
): Promise<Processing> {
  const { watch, settleTime } = awaited;
  const now = () => context.clock.now();
  const ask = statusReader(api, awaited, context);
  const report = reporter(awaited, context);
  let last = "";
  let done: { readonly evidence: Evidence; readonly at: number } | undefined;
  const end = await context.poll(
    async (waited): Promise<Processing | undefined> => {
      const answer = await ask();
      if (answer === "gone") return { end: "gone" };
      if (answer === "unreadable") return undefined;
      const { status, url = awaited.url, detail } = answer;
      const evidence = watch.see(answer, now());
      if (evidence && status === "failed") return { end: "failed", url, detail };
      if (evidence) done ??= { evidence, at: now() };
      else done = undefined;
      if (done && (url !== undefined || now() - done.at >= settleTime))
        return { end: "processed", url, ...done };
      last = progress(status, evidence);
      report(last, waited);
      return undefined;
    },
    { ...pace, slowest: SLOWEST },
  );
  return end ?? (done ? { end: "processed", ...done } : { end: "late", status: last });
}

function progress(status: string, evidence: Evidence | undefined): string {
  if (evidence) return `${status}, without a URL so far`;
  return isFinal(status) ? `${status}, which may still be about the earlier content` : status;
}

/** Asks for the status; a few bad answers in a row are borne. */
function statusReader(api: ArticlesApi, { customId, resource }: Awaited, { report }: ProviderContext) {
  let bad = 0;
  return async (): Promise<ArticleStatus | "unreadable" | "gone"> => {
    try {
      const answer = await api.status(customId);
      if (!answer) return ++bad < BAD_ANSWERS ? "unreadable" : "gone";
      bad = 0;
      return answer;
    } catch (error) {
      if (!(error instanceof QbookError) || error.outcome === "refused" || ++bad >= BAD_ANSWERS) throw error;
      report({ severity: "info", resource, message: `${error.problems[0]?.message}; asking again` });
      return "unreadable";
    }
  };
}

/** Reports what is new, and from time to time that nothing is. */
function reporter({ resource }: Awaited, { clock, report }: ProviderContext) {
  let reported = { status: "", at: clock.now() };
  return (status: string, waited: number) => {
    if (status === reported.status && clock.now() - reported.at < SILENCE) return;
    const message = `qBook: ${status}${waited >= 1000 ? ` (${Math.round(waited / 1000)} s)` : ""}`;
    report({ severity: "info", resource, message });
    reported = { status, at: clock.now() };
  };
}
