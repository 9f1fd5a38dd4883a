import { formatProblem, LecternError } from "../../problem/problem.ts";
import type { ArticlesApi } from "../../qbook/articles-api.ts";
import { qbookConfig } from "../../qbook/config.ts";
import type { ArticleStatus } from "../../qbook/protocol.ts";
import { QbookError } from "../../qbook/qbook-error.ts";
import type { ProviderContext } from "../../resource/context.ts";
import { PartialFailure } from "../../resource/provider.ts";
import {
  type Applied,
  type ArticleInputs,
  type ArticleProgress,
  articleId,
  type SavedArticle,
} from "../article-contract.ts";
import { articleConfig } from "../config.ts";
import { goneProblem, uncertainProblem } from "../creation/questions.ts";
import { awaitProcessed } from "./processing.ts";
import { type ArticleRequest, prepareRequest } from "./request.ts";

/** What the actions on one article work with. */
export interface Submission {
  readonly wanted: ArticleInputs;
  readonly context: ProviderContext;
  readonly api: ArticlesApi;
}

/**
 * Creates the article: one POST, then waits until it is processed.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function createNew(submission: Submission): Promise<SavedArticle> {
  const { wanted, context, api } = submission;
  let request: ArticleRequest;
  let customId: string;
  try {
    request = await prepareRequest(wanted, context);
  } catch (error) {
    throw partial(submission, { state: "refused" }, reason(error));
  }
  try {
    ({ customId } = await api.ingest(wanted.kind, request.body));
  } catch (error) {
    if (error instanceof QbookError && !isUncertain(error)) {
      throw partial(submission, { state: "refused" }, reason(error));
    }
    const ask = formatProblem(uncertainProblem(wanted));
    throw partial(submission, { state: "uncertain" }, cause(error), ask);
  }
  const message = `created on qBook as ${customId}`;
  context.report({ severity: "info", resource: articleId(wanted), message });
  return waitFor(submission, { customId, applied: request.applied });
}

/**
 * Adopts an article that exists already. Its content can't be read, so it is sent once.
 * @throws {LecternError} where qBook has no article of that ID
 */
export async function adopt(submission: Submission, customId: string): Promise<SavedArticle> {
  const { url } = await find(submission, customId);
  return send(submission, { customId, url });
}

/**
 * The same for an article that no run has sent. An adoption that certainly failed is saved as such, so that
 * it does not look like a creation whose result is unknown.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function adoptNew(submission: Submission, customId: string): Promise<SavedArticle> {
  const refused = (error: unknown) => partial(submission, { state: "refused" }, reason(error));
  const { url } = await find(submission, customId).catch((error: unknown) => {
    throw refused(error);
  });
  return send(submission, { customId, url }).catch((error: unknown) => {
    const certain = error instanceof LecternError && !isUncertain(error);
    throw certain ? refused(error) : error;
  });
}

async function find(submission: Submission, customId: string): Promise<ArticleStatus> {
  const found = await submission.api.status(customId);
  if (!found) {
    throw new LecternError({
      code: "nothing-to-adopt",
      severity: "error",
      path: `lectern:articles["${articleId(submission.wanted)}"].customId`,
      message: `qBook has no article ${customId}`,
      remedy:
        "Correct the ID: it is the last part of the article's address, or in the outputs of the stack that created it",
    });
  }
  return found;
}

/**
 * Sends the article's content to its ID, then waits until it is processed.
 * @throws {QbookError} where qBook didn't take it: nothing has changed then, or sending it again does no harm
 */
export async function send(
  submission: Submission,
  before: { customId: string; url?: string | undefined },
): Promise<SavedArticle> {
  const { wanted, context, api } = submission;
  const { body, applied } = await prepareRequest(wanted, context);
  try {
    await api.replace(wanted.kind, before.customId, body);
  } catch (error) {
    if (error instanceof QbookError && error.status === 404) throw gone(submission, before.customId);
    throw error;
  }
  return waitFor(submission, { ...before, applied });
}

/**
 * Waits for what qBook has taken already; nothing is sent.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function waitFor(
  submission: Submission,
  taken: { customId: string; url?: string | undefined; applied: Applied | undefined },
): Promise<SavedArticle> {
  const { wanted, context, api } = submission;
  const limit = context.config(articleConfig).processingLimit;
  const pace = { first: context.config(qbookConfig).pollInterval, limit: limit * 1000 };
  const waiting = awaitProcessed(api, taken.customId, articleId(wanted), pace, context);
  const result = await waiting.catch((error: unknown) => {
    const goOn = `qBook has it as ${taken.customId}. Run again to keep waiting; nothing is sent twice.`;
    throw partial(submission, { ...taken, state: "processing" }, reason(error), goOn);
  });
  if (result.end === "gone") throw gone(submission, taken.customId, taken.applied);
  const reached = { ...taken, ...(result.url === undefined ? {} : { url: result.url }) };
  if (result.end === "processed") return savedAs(wanted, { ...reached, state: "processed" });
  if (result.end === "failed") {
    const message = `qBook could not process "${wanted.title}" (${taken.customId})`;
    const remedy = "Look on qBook for the reason; the next run sends it again.";
    throw partial(submission, { ...reached, state: "failed" }, `${message}. ${remedy}`);
  }
  const message = `qBook has not finished "${wanted.title}" (${taken.customId}) within ${limit} s: ${result.status}`;
  const remedy =
    "Run again to keep waiting; nothing is sent twice. lectern:processingLimit sets how long a run waits.";
  throw partial(submission, { ...reached, state: "processing" }, `${message}. ${remedy}`);
}

/** A failure that keeps what is known of the article. */
function partial(submission: Submission, progress: ArticleProgress, ...reasons: string[]): PartialFailure {
  return new PartialFailure(articleId(submission.wanted), savedAs(submission.wanted, progress), reasons);
}

const savedAs = ({ kind, slug, title }: ArticleInputs, progress: ArticleProgress): SavedArticle => ({
  kind,
  slug,
  title,
  ...progress,
});

function gone(submission: Submission, customId: string, applied?: Applied): PartialFailure {
  const { wanted } = submission;
  const problem = goneProblem({ ...wanted, customId });
  return partial(submission, { state: "gone", customId, applied }, formatProblem(problem));
}

const isUncertain = (error: unknown) => error instanceof QbookError && error.outcome === "uncertain";

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What went wrong, without what to do: a person is asked something else. */
const cause = (error: unknown) =>
  error instanceof QbookError ? `${error.problems[0]?.message}.` : reason(error);
