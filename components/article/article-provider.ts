import { formatProblem, LecternError, type Problem } from "../problem/problem.ts";
import type { ProviderContext } from "../resource/context.ts";
import { UNKNOWN } from "../resource/contract.ts";
import { provide } from "../resource/provide.ts";
import type { Change, Provider } from "../resource/provider.ts";
import type { Submission } from "./actions/outcome.ts";
import {
  type ArticleInputs,
  articleContract,
  articleId,
  type PlannedArticle,
  type SavedArticle,
} from "./article-contract.ts";
import { difference } from "./article-diff.ts";
import { articleConfig } from "./config.ts";
import { creationGuard } from "./creation/creation-guard.ts";
import { announcedProblem, goneProblem, refusedWayOut, uncertainProblem } from "./creation/questions.ts";
import { checksDigest, sends } from "./validated.ts";

// What reads notebooks and sends them is large; a run over unchanged articles needs none of it.
const validation = () => import("./validation.ts");
const actions = () => import("./actions/article-actions.ts");
const waiting = () => import("./actions/wait.ts");
const request = () => import("./actions/request.ts");
const qbook = () => import("../qbook/articles-api.ts");

type Contract = typeof articleContract;

const provider: Provider<Contract> = { check, diff, create, read, update, delete: forget };

/** A course or a blog on qBook. */
export const articleProvider = provide(articleContract, provider);

/**
 * Reads the whole article and reports everything that is wrong, including a question that a person must
 * answer before it can be created. Makes no call. Content is not read again where nothing would be sent and
 * the same checks had nothing to report.
 */
async function check(
  wanted: PlannedArticle,
  before: Partial<ArticleInputs> | undefined,
  context: ProviderContext,
) {
  const validatedBy = checksDigest(wanted, context);
  if (before?.validatedBy === validatedBy && !sends(before, wanted)) return { inputs: { validatedBy } };
  const { checkArticle } = await validation();
  const { failures, isClean } = await checkArticle(wanted, before, context);
  const inputs = isClean ? { validatedBy } : {};
  if (before?.kind !== undefined) return { failures, inputs };
  const { kind, slug, customId } = wanted;
  const unanswered = announcedBefore(wanted, context);
  if (unanswered) return { failures: [...failures, { property: "", reason: formatProblem(unanswered) }] };
  // The engine plans to create only what the state lacks; for the rest, `diff` reports it.
  if (failures.length === 0 && typeof customId === "string" && isKnown(kind) && isKnown(slug))
    reportLines(context, articleId({ kind, slug }), [`adopts ${customId} on qBook`]);
  return { failures, inputs };
}

/** What to ask about an article that is missing from the state although an earlier run announced it. */
function announcedBefore(wanted: PlannedArticle, context: ProviderContext): Problem | undefined {
  const { kind, slug, title, ledger, customId, confirmAbsent } = wanted;
  if (!isKnown(kind) || !isKnown(slug) || !isKnown(title) || !isKnown(ledger)) return undefined;
  if (ledger === undefined || customId !== undefined) return undefined;
  if (creationGuard(context).mayAttempt(articleId({ kind, slug }), ledger)) return undefined;
  return announcedProblem({ kind, slug, title, confirmAbsent: known(confirmAbsent) });
}

async function diff(
  before: SavedArticle,
  wanted: PlannedArticle,
  context: ProviderContext,
): Promise<Change<Contract>> {
  const because = (["kind", "slug"] as const).filter(
    (key) => isKnown(wanted[key]) && wanted[key] !== before[key],
  );
  if (because.length > 0) return { change: "replace", because };
  if (isUnsettled(before)) return unsettled(before, wanted, context);
  const id = articleId(before);
  if (before.state === "failed" && (await isHeld(wanted))) {
    reportLines(context, id, ["is held unchanged: qBook failed to process it"]);
    return { change: "none" };
  }
  const same = wanted.fingerprint === before.applied?.fingerprint;
  const parts = same ? undefined : await (await validation()).wantedParts(wanted, context);
  const { lines } = difference(before, wanted, parts);
  reportLines(context, id, lines);
  return { change: lines.length > 0 ? "update" : "none" };
}

/** An article that is not on qBook, or may not be: a person's answer decides. */
async function unsettled(
  before: SavedArticle,
  wanted: PlannedArticle,
  context: ProviderContext,
): Promise<Change<Contract>> {
  const id = articleId(before);
  const guard = creationGuard(context);
  const { customId, confirmAbsent, ledger } = wanted;
  if (wantsOther(before, wanted)) {
    reportLines(context, id, [`adopts ${known(customId) ?? "an article"} on qBook`]);
    return { change: "update" };
  }
  if (confirmAbsent && (ledger === UNKNOWN || ledger === context.runId)) {
    reportLines(context, id, ["is created: it was confirmed not to be on qBook"]);
    return { change: "update" };
  }
  if (before.state !== "refused") throw new LecternError(question(before, wanted));
  if (await isHeld(wanted)) return { change: "none" };
  guard.planClearing(id);
  // Removed from the state before it is created again: a kill in between then leaves a trace.
  const wayOut = refusedWayOut(answered(before, wanted));
  reportLines(context, id, [`is created: qBook refused it before, so nothing is there; ${wayOut}`]);
  return { change: "replace", because: ["fingerprint"], deleteFirst: true };
}

async function create(wanted: ArticleInputs, context: ProviderContext) {
  const { adopt, adoptNew, createNew } = await actions();
  const submission = await open(wanted, context);
  const id = articleId(wanted);
  const first = creationGuard(context).takeAttempt(id, wanted.ledger);
  if (wanted.customId !== undefined) {
    // A wrong ID must not resolve what an earlier run may have sent.
    const act = first ? adoptNew : adopt;
    return { id, state: await act(submission, wanted.customId) };
  }
  if (first) return { id, state: await createNew(submission) };
  // An earlier run announced it, and it may have been sent. The check asked already.
  throw new LecternError(announcedProblem(wanted));
}

async function update(
  id: string,
  before: SavedArticle,
  wanted: ArticleInputs,
  context: ProviderContext,
): Promise<SavedArticle> {
  const { adopt, createNew, send } = await actions();
  const submission = await open(wanted, context);
  const { customId, url, applied, pending } = before;
  if (wanted.customId !== undefined && wantsOther(before, wanted)) return adopt(submission, wanted.customId);
  if (isUnsettled(before)) {
    const mayCreate = wanted.confirmAbsent && creationGuard(context).takeAttempt(id, wanted.ledger);
    if (mayCreate) return createNew(submission);
    if (before.state === "refused" && (await isHeld(wanted))) return before;
    throw new LecternError(question(before, wanted));
  }
  if (customId === undefined) throw new Error(`${id} has no ID on qBook, though it is ${before.state}`);
  if (before.state === "failed" && (await isHeld(wanted))) return before;
  if (difference(before, wanted).send) return send(submission, { customId, url });
  if (before.state === "processing")
    return (await waiting()).waitFor(submission, { customId, url, applied, pending });
  return { ...before, title: wanted.title };
}

/** What qBook has now. If the article is gone, the state records that, and the next preview reports it. */
async function read(id: string, before: SavedArticle, context: ProviderContext): Promise<SavedArticle> {
  const { customId } = before;
  if (customId === undefined) return before;
  const api = await (await qbook()).verifiedArticlesApi(context);
  const answer = await api.status(customId);
  if (!answer) {
    reportLines(context, id, [`qBook no longer knows ${customId}`]);
    return { ...before, state: "gone" };
  }
  const { refreshed } = await import("./actions/refreshed.ts");
  const { settleTime } = context.config(articleConfig);
  return refreshed(before, answer, context.clock.now(), settleTime * 1000);
}

/** The API can't delete: the article is removed from the state, and what stays on qBook is reported. */
async function forget(id: string, before: SavedArticle, context: ProviderContext): Promise<void> {
  const { state, title, customId, url } = before;
  if (state === "refused") return creationGuard(context).clearRefused(id);
  if (state === "gone") return;
  const there = [customId, url].filter((part) => part !== undefined).join(", ");
  const stays = state === "uncertain" ? `"${title}" may be on qBook` : `"${title}" (${there}) stays on qBook`;
  const message = `${stays}; the qBook API can't delete articles. Delete it there if it is no longer needed.`;
  context.report({ severity: "warning", resource: id, message });
}

/** Whether the folder has changed while the stack holds the article at its earlier content. */
async function isHeld(wanted: PlannedArticle): Promise<boolean> {
  return (await request()).isHeld(wanted);
}

async function open(wanted: ArticleInputs, context: ProviderContext): Promise<Submission> {
  return { wanted, context, api: await (await qbook()).verifiedArticlesApi(context) };
}

/** Whether qBook doesn't have it, or may not have it. */
const isUnsettled = ({ state }: SavedArticle) =>
  state === "uncertain" || state === "gone" || state === "refused";

/** Whether an ID is asked for that is not the one in use, or no longer there. */
const wantsOther = (before: SavedArticle, { customId }: Pick<PlannedArticle, "customId">) =>
  customId !== undefined && customId !== before.customId;

/** What to ask, given what has been answered so far. */
function question(before: SavedArticle, wanted: PlannedArticle): Problem {
  const asked = answered(before, wanted);
  return before.state === "gone" ? goneProblem(asked) : uncertainProblem(asked);
}

const answered = (before: SavedArticle, { confirmAbsent }: PlannedArticle) => ({
  ...before,
  confirmAbsent: known(confirmAbsent),
});

function reportLines(context: ProviderContext, resource: string, lines: readonly string[]): void {
  for (const message of lines) context.report({ severity: "info", resource, message });
}

const isKnown = <T>(value: T): value is Exclude<T, typeof UNKNOWN> => value !== UNKNOWN;
const known = <T>(value: T): Exclude<T, typeof UNKNOWN> | undefined => (isKnown(value) ? value : undefined);
