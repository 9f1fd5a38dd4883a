import { formatProblem, LecternError, type Problem } from "../problem/problem.ts";
import { connect, verifyOnce } from "../qbook/connection.ts";
import type {
  CheckResult,
  CustomResourceProvider,
  DiffResult,
  Host,
  Properties,
} from "../resource/provider.ts";
import { isUnknown } from "../resource/provider.ts";
import { adopt, adoptNew, createNew, type Session, send, waitFor } from "./article-actions.ts";
import { difference } from "./article-diff.ts";
import { type ArticleOutputs, articleId, articleInputs, articleOutputs, outputs } from "./article-state.ts";
import { clearRefused, mayAttempt, planClearing, takeAttempt } from "./creation-guard.ts";
import { announcedProblem, goneProblem, refusedWayOut, uncertainProblem } from "./questions.ts";
import { isHeld } from "./request.ts";
import { examine } from "./validation.ts";

/** A course or a blog on qBook. Its Pulumi id is `course/<slug>` or `blog/<slug>`. */
export const articleProvider: CustomResourceProvider = { check, diff, create, read, update, delete: forget };

/**
 * Reads the whole article and says everything that is wrong, also that a person must answer before
 * it can be created. Makes no call.
 */
async function check(olds: Properties, news: Properties, host: Host): Promise<CheckResult> {
  const { failures, parts } = await examine(olds, news, host);
  const isNew = olds["kind"] === undefined;
  const unanswered = isNew ? announcedBefore(news, host) : undefined;
  if (isNew && failures.length === 0) sayAdoption(news, host);
  if (unanswered) failures.push({ property: "", reason: formatProblem(unanswered) });
  // The program knows the fingerprint; what it is made of is for the plan's words, and filled in here.
  return { inputs: parts ? { ...news, parts } : news, failures };
}

/** The engine only plans to create what the state has not; of the rest `diff` says it. */
function sayAdoption(news: Properties, host: Host): void {
  const parsed = articleInputs.safeParse(news);
  const customId = parsed.data?.customId;
  if (!parsed.success || customId === undefined || isUnknown(customId)) return;
  host.progress(`${articleId(parsed.data)}: adopts ${customId} on qBook`);
}

/** What to ask of an article that is not in the state, though a run before this one announced it. */
function announcedBefore(news: Properties, host: Host): Problem | undefined {
  const asked = ["kind", "slug", "ledger", "customId"].some((key) => isUnknown(news[key]));
  if (asked || (news["customId"] ?? undefined) !== undefined) return undefined;
  const parsed = articleInputs.safeParse(news);
  if (!parsed.success || parsed.data.ledger === undefined) return undefined;
  const mayBeCreated = mayAttempt(articleId(parsed.data), parsed.data.ledger, host.run);
  return mayBeCreated ? undefined : announcedProblem(parsed.data);
}

async function diff(id: string, olds: Properties, news: Properties, host: Host): Promise<DiffResult> {
  const before = articleOutputs.parse(olds);
  const say = (lines: readonly string[]) => {
    for (const line of lines) host.progress(`${id}: ${line}`);
  };
  const replaces = (["kind", "slug"] as const).filter(
    (key) => !isUnknown(news[key]) && news[key] !== before[key],
  );
  if (replaces.length > 0) return { changes: true, replaces };
  if (before.state === "uncertain" || before.state === "gone" || before.state === "refused") {
    return unsettled(before, news, host, say);
  }
  const { lines } = difference(before, news);
  if (before.state === "failed" && (await isHeld(articleInputs.parse(news)))) {
    say(["is held as it is: qBook failed to process it"]);
    return { changes: false };
  }
  say(lines);
  return { changes: lines.length > 0 };
}

/** An article that is not on qBook, or perhaps: what a person answered decides. */
async function unsettled(
  before: ArticleOutputs,
  news: Properties,
  host: Host,
  say: (lines: readonly string[]) => void,
): Promise<DiffResult> {
  if (wantsOther(before, news)) {
    say([`adopts ${isUnknown(news["customId"]) ? "an article" : String(news["customId"])} on qBook`]);
    return { changes: true };
  }
  if (news["confirmAbsent"] && (isUnknown(news["ledger"]) || news["ledger"] === host.run)) {
    say(["is created: it was confirmed not to be on qBook"]);
    return { changes: true };
  }
  if (before.state !== "refused") throw new LecternError(question(before, news));
  if (await isHeld(articleInputs.parse(news))) return { changes: false };
  planClearing(articleId(before), host.run);
  // Removed from the state before it is created again: a kill in between then leaves a trace.
  say([`is created: qBook refused it before, so nothing is there; ${refusedWayOut(answered(before, news))}`]);
  return { changes: true, replaces: ["fingerprint"], deleteBeforeReplace: true };
}

async function create(props: Properties, host: Host): Promise<{ id: string; outs: Properties }> {
  const session = await open(props, host);
  const { inputs } = session;
  const id = articleId(inputs);
  const first = takeAttempt(id, inputs.ledger, host.run);
  if (inputs.customId !== undefined) {
    // An id that a person got wrong must not settle what an earlier run may have sent.
    const act = first ? adoptNew : adopt;
    return { id, outs: await act(session, inputs.customId) };
  }
  if (first) return { id, outs: await createNew(session) };
  // An earlier run announced it, and it may have been sent. The check asked already.
  throw new LecternError(announcedProblem(inputs));
}

async function update(
  id: string,
  olds: Properties,
  news: Properties,
  host: Host,
): Promise<{ outs: Properties }> {
  const before = articleOutputs.parse(olds);
  const session = await open(news, host);
  const { inputs } = session;
  const { customId, url, applied } = before;
  if (inputs.customId !== undefined && wantsOther(before, news)) {
    return { outs: await adopt(session, inputs.customId) };
  }
  if (before.state === "uncertain" || before.state === "gone" || before.state === "refused") {
    const confirmed = Boolean(inputs.confirmAbsent) && takeAttempt(id, inputs.ledger, host.run);
    if (confirmed) return { outs: await createNew(session) };
    if (before.state === "refused" && (await isHeld(inputs))) return { outs: olds };
    throw new LecternError(question(before, news));
  }
  if (customId === undefined) throw new Error(`${id} has no id on qBook, though it is ${before.state}`);
  if (before.state === "failed" && (await isHeld(inputs))) return { outs: olds };
  if (difference(before, inputs).send) return { outs: await send(session, { customId, url }) };
  if (before.state === "processing") return { outs: await waitFor(session, { customId, url, applied }) };
  return { outs: outputs(inputs, before) };
}

/** What qBook says of it now. That it is gone is kept, and said by the next preview. */
async function read(id: string, props: Properties, host: Host): Promise<{ id: string; props: Properties }> {
  const before = articleOutputs.parse(props);
  const { customId } = before;
  if (customId === undefined) return { id, props };
  const client = connect(host);
  await verifyOnce(host, client);
  const answer = await client.status(customId);
  if (!answer) {
    host.progress(`${id}: qBook does not know ${customId} any more`);
    return { id, props: { ...props, state: "gone" } };
  }
  const { status, url = before.url } = answer;
  const done = status === "processed" && url !== undefined;
  const state = status === "failed" ? "failed" : done ? "processed" : "processing";
  return { id, props: { ...props, state, ...(url === undefined ? {} : { url }) } };
}

/** The API can't delete: the article is forgotten here, and what stays there is said. */
async function forget(id: string, props: Properties, host: Host): Promise<void> {
  const { state, title, customId, url } = articleOutputs.parse(props);
  if (state === "refused") return clearRefused(id, host.run);
  if (state === "gone") return;
  const there = [customId, url].filter((part) => part !== undefined).join(", ");
  const stays = state === "uncertain" ? `"${title}" may be on qBook` : `"${title}" (${there}) stays on qBook`;
  host.progress(`${id}: warning: ${stays}: its API can't delete. Remove it there if it should go.`);
}

async function open(props: Properties, host: Host): Promise<Session> {
  const inputs = articleInputs.parse(props);
  const client = connect(host);
  await verifyOnce(host, client);
  return { inputs, host, client };
}

/** Whether an id is asked for that is not the one in use, or no longer there. */
function wantsOther(before: ArticleOutputs, news: Properties): boolean {
  const wanted: unknown = news["customId"];
  return wanted !== undefined && wanted !== null && wanted !== before.customId;
}

/** What to ask, given what has been answered so far. */
function question(before: ArticleOutputs, news: Properties) {
  const asked = answered(before, news);
  return before.state === "gone" ? goneProblem(asked) : uncertainProblem(asked);
}

function answered(before: ArticleOutputs, news: Properties) {
  return { ...before, confirmAbsent: news["confirmAbsent"] as string | boolean | undefined };
}
