import { formatProblem } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { type Inputs, type Planned, type State, UNKNOWN } from "../../resource/contract.ts";
import { provide } from "../../resource/provide.ts";
import { creationGuard } from "./creation-guard.ts";
import { ledgerContract } from "./ledger-contract.ts";
import { forgottenProblem } from "./questions.ts";

type Ledger = typeof ledgerContract;

/**
 * Announces an article before it is sent for creation. The engine saves the announcement first, so
 * an article that is to be created under an announcement of an earlier run may have been sent by
 * that run: its reply, or the state, was lost.
 *
 * Everything that can fail before an article is sent fails here, where nothing has been announced:
 * bad content, a wrong key, no network. It is announced again only where a person confirms once more that
 * the article is not on qBook.
 */
export const ledgerProvider = provide(ledgerContract, {
  async check(wanted, before, context) {
    const { article, title, former, confirmAbsent, deploying, ...target } = wanted;
    if (deploying === true) creationGuard(context).begin();
    const inputs = { deploying: undefined };
    const announces = before?.article === undefined || confirmedAgain(before, wanted);
    if (!announces || article === UNKNOWN || !target.folder) return { inputs };
    const { kind, slug } = identity(article);
    const { checkArticle } = await import("../validation.ts");
    const { failures } = await checkArticle({ ...target, confirmAbsent, kind, slug }, before, context);
    const reasons = failures.map(({ reason }) => reason);
    if (before?.article === undefined) reasons.push(...formerQuestion(wanted));
    const guard = creationGuard(context);
    const refused = guard.check(ledgerId(article), reasons);
    if (guard.isDeploying()) await guard.expectAnnouncement(ledgerId(article));
    return { inputs, failures: refused.map((reason) => ({ property: "folder", reason })) };
  },

  async diff(state, wanted) {
    return { change: confirmedAgain(state, wanted) ? "update" : "none" };
  },

  async create(wanted, context) {
    const id = ledgerId(wanted.article);
    return { id, state: await creationGuard(context).deploy(id, () => announce(wanted, context)) };
  },

  update: (id, _state, wanted, context) => creationGuard(context).deploy(id, () => announce(wanted, context)),
});

const ledgerId = (article: string) => `ledger/${article}`;

/** An article that this stack has forgotten is not announced before a person has answered. */
function formerQuestion({ article, title, former, confirmAbsent }: Planned<Ledger>): string[] {
  if (article === UNKNOWN || former === undefined || former === UNKNOWN) return [];
  const asked = {
    ...identity(article),
    title: typeof title === "string" ? title : article,
    former,
    confirmAbsent: confirmAbsent === UNKNOWN ? undefined : confirmAbsent,
  };
  return [formatProblem(forgottenProblem(asked))];
}

function identity(article: Inputs<Ledger>["article"]): { kind: "course" | "blog"; slug: string } {
  const kind = article.startsWith("blog/") ? "blog" : "course";
  return { kind, slug: article.slice(`${kind}/`.length) };
}

async function announce(
  { article, confirmAbsent }: Inputs<Ledger>,
  context: ProviderContext,
): Promise<State<Ledger>> {
  const { verifiedArticlesApi } = await import("../../qbook/articles-api.ts");
  await verifiedArticlesApi(context);
  creationGuard(context).announce(article);
  return { article, token: context.runId, confirmAbsent };
}

/** Whether a person has confirmed again: an answer counts once. */
function confirmedAgain(
  before: Pick<State<Ledger>, "confirmAbsent">,
  { confirmAbsent }: Planned<Ledger>,
): boolean {
  return Boolean(confirmAbsent) && confirmAbsent !== before.confirmAbsent;
}
