import type { ProviderContext } from "../../resource/context.ts";
import { type Inputs, type Planned, type State, UNKNOWN } from "../../resource/contract.ts";
import { provide } from "../../resource/provide.ts";
import { creationGuard } from "./creation-guard.ts";
import { ledgerContract } from "./ledger-contract.ts";

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
    const announces = before?.article === undefined || confirmedAgain(before, wanted);
    const { article, ...target } = wanted;
    if (!announces || article === UNKNOWN || !target.folder) return {};
    const kind = article.startsWith("blog/") ? "blog" : "course";
    const slug = article.slice(`${kind}/`.length);
    const { checkArticle } = await import("../validation.ts");
    const { failures } = await checkArticle({ ...target, kind, slug }, before, context);
    return { failures };
  },

  async diff(state, wanted) {
    return { change: confirmedAgain(state, wanted) ? "update" : "none" };
  },

  async create(wanted, context) {
    return { id: `ledger/${wanted.article}`, state: await announce(wanted, context) };
  },

  update: (_id, _state, wanted, context) => announce(wanted, context),
});

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
