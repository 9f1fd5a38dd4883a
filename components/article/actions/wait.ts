import { qbookConfig } from "../../qbook/config.ts";
import type { PartialFailure } from "../../resource/provider.ts";
import { articleId, type Evidence, type SavedArticle } from "../article-contract.ts";
import { articleConfig } from "../config.ts";
import { gone, partial, reason, type Submission, savedAs } from "./outcome.ts";
import { awaitProcessed } from "./processing.ts";
import { describeEvidence, RevisionWatch } from "./revision-watch.ts";

/** What qBook has taken, as the state keeps it. */
type Taken = Pick<SavedArticle, "url" | "applied" | "pending"> & { readonly customId: string };

/**
 * Waits for what qBook has taken already; nothing is sent.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function waitFor(submission: Submission, taken: Taken): Promise<SavedArticle> {
  const { wanted, context, api } = submission;
  const { customId, url, applied } = taken;
  const { processingLimit, settleTime: seconds } = context.config(articleConfig);
  const settleTime = seconds * 1000;
  const watch = new RevisionWatch(taken.pending, settleTime);
  const pace = { first: context.config(qbookConfig).pollInterval, limit: processingLimit * 1000 };
  const awaited = { customId, url, resource: articleId(wanted), watch, settleTime };
  const left = (...reasons: string[]) =>
    partial(submission, { customId, url, applied, state: "processing", pending: watch.pending }, ...reasons);
  const result = await awaitProcessed(api, awaited, pace, context).catch((error: unknown) => {
    throw left(
      reason(error),
      `qBook has it as ${customId}. Run again to keep waiting; nothing is sent twice.`,
    );
  });
  switch (result.end) {
    case "gone":
      throw gone(submission, { customId, url, applied });
    case "processed":
      reportProcessed(submission, result, settleTime);
      return savedAs(wanted, {
        customId,
        url: result.url,
        applied,
        state: "processed",
        evidence: result.evidence,
      });
    case "failed":
      throw notProcessed(submission, { customId, url: result.url, applied }, result.detail);
    case "late": {
      const message = `qBook has not finished "${wanted.title}" (${customId}) within ${processingLimit} s: ${result.status}`;
      throw left(
        `${message}. Run again to keep waiting; nothing is sent twice. lectern:processingLimit sets how long a run waits.`,
      );
    }
  }
}

function reportProcessed(
  { wanted, context }: Submission,
  { url, evidence }: { readonly url?: string | undefined; readonly evidence: Evidence },
  settleTime: number,
): void {
  const resource = articleId(wanted);
  if (evidence !== "new") {
    const message = `qBook has processed the new content: ${describeEvidence(evidence, settleTime)}`;
    context.report({ severity: "info", resource, message });
  }
  if (url !== undefined) return;
  const noUrl = "qBook has processed it, and gave no URL where readers find it; `pulumi refresh` asks again";
  context.report({ severity: "warning", resource, message: noUrl });
}

/** qBook took the content, and could not process it. */
function notProcessed(
  submission: Submission,
  taken: Omit<Taken, "pending">,
  detail: string | undefined,
): PartialFailure {
  const { customId, url } = taken;
  const cause = detail === undefined ? "" : `: ${detail}`;
  const message = `qBook could not process "${submission.wanted.title}" (${customId})${cause}`;
  const look = url === undefined ? `Ask qBook's support about ${customId}` : `Look at ${url} for the reason`;
  const remedy = detail === undefined ? look : "Fix what it reports";
  return partial(
    submission,
    { ...taken, state: "failed" },
    `${message}. ${remedy}; the next run sends it again.`,
  );
}
