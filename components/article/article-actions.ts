import { formatProblem, LecternError } from "../problem/problem.ts";
import type { QbookClient } from "../qbook/articles-api.ts";
import { setting } from "../qbook/connection.ts";
import type { ArticleStatus } from "../qbook/protocol.ts";
import { QbookError } from "../qbook/qbook-error.ts";
import { type Host, PartialFailure, type Properties } from "../resource/provider.ts";
import { type Applied, type ArticleInputs, articleId, outputs, type Standing } from "./article-state.ts";
import { awaitProcessed } from "./processing.ts";
import { goneProblem, uncertainProblem } from "./questions.ts";
import { prepareSending, type Sending } from "./request.ts";

/** What the actions on one article work with. */
export interface Session {
  readonly inputs: ArticleInputs;
  readonly host: Host;
  readonly client: QbookClient;
}

/**
 * Creates the article: one POST, then waits until it is processed.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function createNew(session: Session): Promise<Properties> {
  const { inputs, host, client } = session;
  let sending: Sending;
  let customId: string;
  try {
    sending = await prepareSending(inputs, host);
  } catch (error) {
    throw partial(session, { state: "refused" }, reason(error));
  }
  try {
    ({ customId } = await client.ingest(inputs.kind, sending.body));
  } catch (error) {
    if (error instanceof QbookError && !isUncertain(error)) {
      throw partial(session, { state: "refused" }, reason(error));
    }
    const ask = formatProblem(uncertainProblem(inputs));
    throw partial(session, { state: "uncertain" }, cause(error), ask);
  }
  host.progress(`${articleId(inputs)}: created on qBook as ${customId}`);
  return waitFor(session, { customId, applied: sending.applied });
}

/**
 * Takes over an article that is there already. Its content can't be read, so it is sent once.
 * @throws {LecternError} where qBook has no article of that id
 */
export async function adopt(session: Session, customId: string): Promise<Properties> {
  const { url } = await find(session, customId);
  return send(session, { customId, url });
}

/**
 * The same for an article that no run has sent: an adoption that certainly failed is saved, as it
 * must not look like a creation of which nothing is known.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function adoptNew(session: Session, customId: string): Promise<Properties> {
  const refused = (error: unknown) => partial(session, { state: "refused" }, reason(error));
  const { url } = await find(session, customId).catch((error: unknown) => {
    throw refused(error);
  });
  return send(session, { customId, url }).catch((error: unknown) => {
    const certain = error instanceof LecternError && !isUncertain(error);
    throw certain ? refused(error) : error;
  });
}

async function find(session: Session, customId: string): Promise<ArticleStatus> {
  const found = await session.client.status(customId);
  if (!found) {
    throw new LecternError({
      code: "nothing-to-adopt",
      severity: "error",
      path: `lectern:articles["${articleId(session.inputs)}"].customId`,
      message: `qBook has no article ${customId}`,
      remedy:
        "Correct the id: it is the last part of the article's address, or in the outputs of the stack that made it",
    });
  }
  return found;
}

/**
 * Sends the article's content to the id that it has, then waits until it is processed.
 * @throws {QbookError} where qBook didn't take it: nothing has changed then, or sending it again does no harm
 */
export async function send(
  session: Session,
  before: { customId: string; url?: string | undefined },
): Promise<Properties> {
  const { inputs, host, client } = session;
  const { body, applied } = await prepareSending(inputs, host);
  try {
    await client.replace(inputs.kind, before.customId, body);
  } catch (error) {
    if (error instanceof QbookError && error.status === 404) throw gone(session, before.customId);
    throw error;
  }
  return waitFor(session, { ...before, applied });
}

/**
 * Waits for what qBook has taken already; nothing is sent.
 * @throws {PartialFailure} with the state that it is left in
 */
export async function waitFor(
  session: Session,
  taken: { customId: string; url?: string | undefined; applied: Applied | undefined },
): Promise<Properties> {
  const { inputs, host, client } = session;
  const id = articleId(inputs);
  const limit = setting(host, "processingLimit");
  const options = {
    clock: host.clock,
    limit: limit * 1000,
    interval: setting(host, "pollInterval"),
    progress: (line: string) => host.progress(`${id}: ${line}`),
    signal: host.signal,
  };
  const waiting = awaitProcessed(client, taken.customId, options);
  const result = await waiting.catch((error: unknown) => {
    const goOn = `qBook has it as ${taken.customId}; run again to wait on, nothing is sent twice.`;
    throw partial(session, { ...taken, state: "processing" }, reason(error), goOn);
  });
  if (result.end === "gone") throw gone(session, taken.customId, taken.applied);
  const standing = { ...taken, ...(result.url === undefined ? {} : { url: result.url }) };
  if (result.end === "processed") return outputs(inputs, { ...standing, state: "processed" });
  if (result.end === "failed") {
    const message = `qBook could not process "${inputs.title}" (${taken.customId})`;
    const remedy = "Look on qBook for the reason; the next run sends it again.";
    throw partial(session, { ...standing, state: "failed" }, `${message}. ${remedy}`);
  }
  const message = `qBook has not finished "${inputs.title}" (${taken.customId}) within ${limit} s: ${result.status}`;
  const remedy = "Run again to wait on, nothing is sent twice; lectern:processingLimit sets how long.";
  throw partial(session, { ...standing, state: "processing" }, `${message}. ${remedy}`);
}

/** A failure that keeps what is known of the article. */
function partial(session: Session, standing: Standing, ...reasons: string[]): PartialFailure {
  return new PartialFailure(articleId(session.inputs), outputs(session.inputs, standing), reasons);
}

function gone(session: Session, customId: string, applied?: Applied): PartialFailure {
  const { inputs } = session;
  const problem = goneProblem({ ...inputs, customId });
  return partial(session, { state: "gone", customId, applied }, formatProblem(problem));
}

const isUncertain = (error: unknown) => error instanceof QbookError && error.outcome === "uncertain";

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What went wrong, without what to do: a person is asked something else. */
const cause = (error: unknown) =>
  error instanceof QbookError ? `${error.problems[0]?.message}.` : reason(error);
