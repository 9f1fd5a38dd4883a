import { formatProblem, LecternError } from "../../problem/problem.ts";
import type { ArticleStatus } from "../../qbook/protocol.ts";
import { QbookError } from "../../qbook/qbook-error.ts";
import { articleId, type Pending, type SavedArticle } from "../article-contract.ts";
import { uncertainProblem } from "../creation/questions.ts";
import { gone, partial, reason, type Submission } from "./outcome.ts";
import { type ArticleRequest, prepareRequest } from "./request.ts";
import { waitFor } from "./wait.ts";

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
    const ask = formatProblem(uncertainProblem(wanted, context));
    throw partial(submission, { state: "uncertain" }, cause(error), ask);
  }
  const message = `created on qBook as ${customId}`;
  context.report({ severity: "info", resource: articleId(wanted), message });
  return waitFor(submission, { customId, applied: request.applied, pending: sentNow(submission) });
}

/**
 * Adopts an article that exists already. Its content can't be read, so it is sent once.
 * @throws {LecternError} where qBook has no article of that ID
 */
export async function adopt(submission: Submission, customId: string): Promise<SavedArticle> {
  return sendOver(submission, customId, await find(submission, customId));
}

/**
 * The same for an article that no run has sent. An adoption that certainly failed is saved as such, so that
 * it does not look like a creation whose result is unknown.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function adoptNew(submission: Submission, customId: string): Promise<SavedArticle> {
  const refused = (error: unknown) => partial(submission, { state: "refused" }, reason(error));
  const found = await find(submission, customId).catch((error: unknown) => {
    throw refused(error);
  });
  return sendOver(submission, customId, found).catch((error: unknown) => {
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
  { customId, url }: { customId: string; url?: string | undefined },
): Promise<SavedArticle> {
  // What is there before, to tell the answers that are about the new content.
  const found = await submission.api.status(customId);
  if (!found) throw gone(submission, { customId, url });
  return sendOver(submission, customId, { ...found, ...(found.url === undefined && url ? { url } : {}) });
}

async function sendOver(
  submission: Submission,
  customId: string,
  { status, url, revision }: ArticleStatus,
): Promise<SavedArticle> {
  const { wanted, context, api } = submission;
  const { body, applied } = await prepareRequest(wanted, context);
  try {
    await api.replace(wanted.kind, customId, body);
  } catch (error) {
    if (error instanceof QbookError && error.status === 404) throw gone(submission, { customId, url });
    throw error;
  }
  const pending = sentNow(submission, { status, url, revision });
  return waitFor(submission, { customId, url, applied, pending });
}

function sentNow({ context }: Submission, before?: Pending["before"]): Pending {
  return { sentAt: context.clock.now(), before, left: false };
}

const isUncertain = (error: unknown) => error instanceof QbookError && error.outcome === "uncertain";

/** What went wrong, without what to do: a person is asked something else. */
const cause = (error: unknown) =>
  error instanceof QbookError ? `${error.problems[0]?.message}.` : reason(error);
