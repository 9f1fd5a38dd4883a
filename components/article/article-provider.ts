import { formatProblem, LecternError, type Problem } from "../problem/problem.ts";
import type { ProviderContext } from "../resource/context/context.ts";
import { UNKNOWN } from "../resource/contract.ts";
import { provide } from "../resource/provide.ts";
import type { CheckFailure, Provider } from "../resource/provider.ts";
import type { Submission } from "./actions/outcome.ts";
import { diff, isUnsettled, question, wantsOther } from "./article-change.ts";
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
import { announcedProblem, forgottenProblem } from "./creation/questions.ts";
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
  asked: PlannedArticle,
  before: Partial<ArticleInputs> | undefined,
  context: ProviderContext,
) {
  // Content that has not changed keeps the fingerprint that an earlier version gave it.
  if (asked.deploying === true) creationGuard(context).begin();
  const earlier = before?.fingerprint;
  const isKept = earlier !== undefined && earlier === asked.earlierFingerprint;
  const fingerprint = isKept ? { fingerprint: earlier } : {};
  const checked = await checkContent({ ...asked, ...fingerprint }, before, context);
  const removed = { earlierFingerprint: undefined, deploying: undefined };
  return { ...checked, inputs: { ...checked.inputs, ...fingerprint, ...removed } };
}

async function checkContent(
  wanted: PlannedArticle,
  before: Partial<ArticleInputs> | undefined,
  context: ProviderContext,
): Promise<{ failures?: readonly CheckFailure[]; inputs?: { validatedBy?: string } }> {
  const { kind, slug } = wanted;
  const id = isKnown(kind) && isKnown(slug) ? articleId({ kind, slug }) : "";
  const guard = creationGuard(context);
  const validatedBy = checksDigest(wanted, context);
  if (before?.validatedBy === validatedBy && !sends(before, wanted)) {
    guard.check(id, []);
    return { inputs: { validatedBy } };
  }
  const { checkArticle } = await validation();
  const { failures, isClean } = await checkArticle(wanted, before, context);
  const isNew = before?.kind === undefined;
  const question = isNew ? unanswered(id, wanted, context) : undefined;
  const asked = question ? [{ property: "", reason: formatProblem(question) }] : [];
  const wrong = [...failures, ...asked];
  // The engine plans to create only what the state lacks; for the rest, `diff` reports it.
  if (isNew && wrong.length === 0 && typeof wanted.customId === "string" && id)
    report(context, id, `adopts ${wanted.customId} on qBook`);
  const refused = guard.check(
    id,
    wrong.map(({ reason }) => reason),
  );
  return { failures: refused.length > 0 ? wrong : [], inputs: isClean ? { validatedBy } : {} };
}

/**
 * What to ask about an article that is missing from the state: it may be one that this stack has forgotten, or
 * an earlier run has announced it.
 */
function unanswered(
  id: string,
  { kind, slug, title, ledger, customId, confirmAbsent, former }: PlannedArticle,
  context: ProviderContext,
): Problem | undefined {
  if (!isKnown(kind) || !isKnown(slug) || !isKnown(title) || customId !== undefined) return undefined;
  const asked = { kind, slug, title, confirmAbsent: isKnown(confirmAbsent) ? confirmAbsent : undefined };
  if (former && isKnown(former)) return forgottenProblem({ ...asked, former });
  if (ledger === undefined || !isKnown(ledger)) return undefined;
  return creationGuard(context).mayAttempt(id, ledger) ? undefined : announcedProblem(asked, context);
}

async function create(wanted: ArticleInputs, context: ProviderContext) {
  const id = articleId(wanted);
  return { id, state: await underGuard(id, wanted, context, () => createOnce(wanted, context)) };
}

function update(id: string, before: SavedArticle, wanted: ArticleInputs, context: ProviderContext) {
  return underGuard(id, wanted, context, () => updateOnce(id, before, wanted, context));
}

/** Does what is called for an article; see the guard. */
function underGuard(
  id: string,
  { customId }: ArticleInputs,
  context: ProviderContext,
  act: () => Promise<SavedArticle>,
): Promise<SavedArticle> {
  const guard = creationGuard(context);
  return guard.deploy(id, async () => {
    const saved = await act();
    if (customId !== undefined) guard.noteAdoption(customId, id);
    return saved;
  });
}

async function createOnce(wanted: ArticleInputs, context: ProviderContext): Promise<SavedArticle> {
  const { adopt, adoptNew, createNew } = await actions();
  const submission = await open(wanted, context);
  const { customId, ledger } = wanted;
  const first = creationGuard(context).takeAttempt(articleId(wanted), ledger);
  // A wrong ID must not resolve what an earlier run may have sent.
  if (customId !== undefined) return first ? adoptNew(submission, customId) : adopt(submission, customId);
  if (first) return createNew(submission);
  // An earlier run announced it, and it may have been sent. The check asked already.
  throw new LecternError(announcedProblem(wanted, context));
}

async function updateOnce(
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
    throw new LecternError(question(before, wanted, context));
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
    report(context, id, `qBook no longer knows ${customId}`);
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
  const heir = creationGuard(context).adoptedBy(customId);
  if (heir) return report(context, id, `it is ${heir} now`);
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

const isKnown = <T>(value: T): value is Exclude<T, typeof UNKNOWN> => value !== UNKNOWN;

function report(context: ProviderContext, resource: string, message: string): void {
  context.report({ severity: "info", resource, message });
}
